import { describe, expect, test } from 'vitest';
import { readerFor } from '../../bot/reader.ts';
import { shown } from '../../bot/slack/blocks.ts';
import { answer } from '../../bot/slack/messages/answer.ts';
import { cardMessage } from '../../bot/slack/messages/card.ts';
import { creditsMessage } from '../../bot/slack/messages/credits.ts';
import { doneMessage } from '../../bot/slack/messages/done.ts';
import { fileOffer } from '../../bot/slack/messages/file-offer.ts';
import { helpMessage, unknownCommandMessage } from '../../bot/slack/messages/help.ts';
import { jobMessage, jobsMessage } from '../../bot/slack/messages/jobs.ts';
import {
  pausedNotice,
  phonesNotice,
  scheduleNotice,
  slotNotice,
} from '../../bot/slack/messages/notifications.ts';
import { progressMessage } from '../../bot/slack/messages/progress.ts';
import { slotsMessage } from '../../bot/slack/messages/slots.ts';
import { checkingView, connectedView, connectView } from '../../bot/slack/views/connect.ts';
import { decisionsView } from '../../bot/slack/views/decisions.ts';
import { enrichView } from '../../bot/slack/views/enrich.ts';
import { homeView } from '../../bot/slack/views/home.ts';
import { jobLimitView } from '../../bot/slack/views/job-limit.ts';
import { monthlyLimitView } from '../../bot/slack/views/monthly-limit.ts';
import { noticeView } from '../../bot/slack/views/notice.ts';
import { reviewView } from '../../bot/slack/views/review.ts';
import { scheduleView } from '../../bot/slack/views/schedule.ts';
import { settingsView } from '../../bot/slack/views/settings.ts';
import { shareCardView } from '../../bot/slack/views/share-card.ts';
import type { Schedule } from '../../core/index.ts';
import { assertMessageLimits, assertViewLimits } from './block-limits.ts';
import { connection, directAnswer, HOSTILE, job, NOW, openReview, slotsView } from './fixtures.ts';
import { textOf } from './person.ts';

const SIZES = [0, 1, 60, 1_000_000];
const READERS = ['en-US', 'de-DE', 'hi-IN', 'nonsense'].map(readerFor);
const STATES = ['ready', 'running', 'paused', 'done', 'cancelled'] as const;

describe('every message and view keeps to the limits of Slack, whatever stands in it', () => {
  for (const text of HOSTILE) {
    const shown = JSON.stringify(text.slice(0, 20));
    test(`with ${shown}${text.length > 20 ? `… (${text.length})` : ''} everywhere`, () => {
      for (const reader of READERS) for (const size of SIZES) checkAll(text, size, reader);
    });
  }
});

const schedule = (problem: string): Schedule => ({
  job: 'job1',
  workspace: 'T1',
  every: 'week',
  olderThanDays: 3650,
  setAt: NOW,
  nextAt: NOW,
  last: { at: NOW, problem },
});

function checkAll(text: string, size: number, reader: ReturnType<typeof readerFor>): void {
  const view = slotsView(text, size % 5);
  const month = {
    credits: size,
    inDoubtCredits: size,
    bySlot: { 1: size },
    byDay: { 1: size, 23: size / 2 },
    monthlyLimit: size,
    slotLimits: { 1: size },
  };
  const jobs = Array.from({ length: Math.min(size, 60) }, (_, n) =>
    job(text, size, { id: `job${n}`, state: STATES[n % 5] ?? 'done' }),
  );
  const slots = {
    view,
    limiters: [],
    reader,
    now: NOW,
    runningJobs: size,
    note: 'A note',
    supportUrl: 'https://help.example',
  };
  const cells = Array.from({ length: Math.min(size, 400) }, () => text);
  const columns = ['apollo_outcome', 'apollo_email', 'apollo_phone', 'apollo_title', 'apollo_company'];
  const rows = Array.from({ length: Math.min(size, 30) }, () => ({
    row: 0,
    cells,
    added: columns.map(() => text),
  }));
  const status = job(text, size);
  for (const message of [
    slotsMessage(slots),
    helpMessage(),
    unknownCommandMessage('slots'),
    unknownCommandMessage(undefined),
    answer('A sentence.'),
    ...STATES.flatMap((state) => [
      progressMessage({
        status: job(text, size, { state }),
        slots: view,
        limiters: [],
        reader,
        leftMs: size,
      }),
      jobMessage(job(text, size, { state, finished: size }), reader, { note: 'A note', shared: false }),
    ]),
    ...[0, 3, -1, Number.NaN, 1e9].map((page) => jobsMessage(jobs, page, reader)),
    ...(['data_table', 'table', 'text'] as const).map((as) =>
      doneMessage({ status, reader, rows: Array.from({ length: 60 }, () => rows).flat(), columns }, as),
    ),
    creditsMessage({ month, view, jobs, reader, now: NOW }),
    fileOffer({ id: 'F1', name: text }),
    cardMessage(text, directAnswer(text), reader),
    cardMessage(text, { ...directAnswer(text), results: [{ outcome: 'failed', error: text }] }, reader),
    cardMessage(text, { ...directAnswer(text), results: [], stopped: 'no-slot' }, reader),
    cardMessage(text, { ...directAnswer(text), results: [], stopped: 'budget' }, reader),
    pausedNotice(job(text, size, { state: 'paused', reason: 'no-slot' }), reader),
    phonesNotice(status, reader),
    ...[status, undefined].flatMap((each) =>
      (['schedule.missed', 'schedule.ended'] as const).map((type) =>
        scheduleNotice({ id: '1', at: NOW, workspace: 'T1', type, job: 'job1', why: text }, each),
      ),
    ),
    jobMessage(job(text, size, { state: 'done', schedule: schedule(text) }), reader),
    ...[1, 2, 3, 4].flatMap((slot) => {
      const base = { id: 'e', at: NOW, workspace: 'T1', slot } as const;
      return [
        slotNotice({ ...base, type: 'slot.trouble', state: 'refused' }, view, reader),
        slotNotice({ ...base, type: 'slot.credits-low', left: size, limit: size }, view, reader),
      ].filter((notice) => notice !== undefined);
    }),
  ]) {
    assertMessageLimits(message);
    expect([message.text, ...markupIn(message)].join('\n')).not.toMatch(/<!channel>|<@U123>|<https:..evil/);
  }
  const problem = { field: 'key', text } as const;
  const mapping = status.mapping;
  for (const view_ of [
    connectView({ view, label: text, problem }),
    connectView({ view: slotsView(text, 1), slot: 2, problem: { field: 'slot', text } }),
    checkingView(),
    connectedView(
      {
        connection: connection(text),
        remarks: [text, text, text, text, text, text, text],
        sharesLimitsWith: [2],
        notRead: [],
      },
      view,
      reader,
    ),
    enrichView({}),
    enrichView({
      file: { id: 'F1', name: text },
      wish: { extras: ['phones', 'fresh'], limit: size },
      problem: text,
    }),
    reviewView({
      name: text,
      rows: size,
      mapping,
      sample: [cells, cells, []],
      job: status,
      memo: { job: 'job1' },
      reader,
      note: 'A note',
    }),
    reviewView({
      name: text,
      rows: size,
      mapping,
      sample: [],
      memo: { file: 'F1', wish: { extras: [] } },
      reader,
    }),
    reviewView({
      name: text,
      rows: size,
      mapping,
      sample: [cells, cells, []],
      job: status,
      memo: { job: 'job1', open: true },
      personLeft: 3,
      reader,
    }),
    monthlyLimitView(month, view),
    monthlyLimitView({}, view),
    jobLimitView(job(text, size, { state: 'paused', reason: 'credit-limit', creditLimit: size }), reader),
    jobLimitView(job(text, size), reader),
    scheduleView(job(text, size)),
    scheduleView(job(text, size, { schedule: schedule(text) })),
    noticeView('Title', shown(text, 3000)),
    shareCardView(text.slice(0, 500), cardMessage(text, directAnswer(text), reader).blocks),
    settingsView({
      month,
      view,
      problem: text,
      settings: {
        allowed: {
          connect: 'everyone',
          disconnect: 'admins',
          enrich: { people: Array.from({ length: Math.min(size, 200) }, (_, n) => `U${n}`) },
          forget: 'admins',
          limits: { people: [] },
          tokens: 'admins',
        },
        notifications: 'C1',
        offerIn: ['C2'],
        personCredits: size + 1,
        lists: { extras: ['phones'], limit: size + 1 },
      },
    }),
    homeView({ ...slots, month, jobs, mine: jobs.slice(0, 2), lists: 'all', hasPage: true }),
    homeView({ ...slots, month, jobs, mine: [], lists: 'mine', hasPage: false }),
    ...[0, 1, 1e9].map((page) =>
      decisionsView({
        job: 'job1',
        name: text,
        reviews: Array.from({ length: Math.min(size, 60) }, (_, n) => openReview(text, n)),
        page,
        reader,
        note: 'A note',
        undo: { row: 1, verdict: 'reject' },
      }),
    ),
  ]) {
    assertViewLimits(view_);
    expect(markupIn(view_).join('\n')).not.toMatch(/<!channel>|<@U123>|<https:..evil/);
  }
}

test('numbers are written as the reader writes them', () => {
  const text = textOf(
    creditsMessage({
      month: { credits: 12_345, inDoubtCredits: 0, bySlot: {} },
      view: slotsView('x', 0),
      jobs: [],
      reader: readerFor('de-DE'),
      now: NOW,
    }),
  );
  expect(text).toContain('12.345 credits');
});

/** Texts that Slack reads as markup. */
function markupIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(markupIn);
  if (typeof node !== 'object' || node === null) return [];
  if ('type' in node && node.type === 'mrkdwn' && 'text' in node) return [String(node.text)];
  return Object.values(node).flatMap(markupIn);
}
