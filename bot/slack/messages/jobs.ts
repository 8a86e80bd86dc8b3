import type { JobStatus } from '@connectionsphere/core';
import type { Button, KnownBlock } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, context, header, type Message, moment, section, shown } from '../blocks.ts';
import {
  creditsWords,
  leadsWords,
  nameOf,
  pauseWords,
  plainStateWords,
  scheduleLines,
  stateWords,
} from '../words/job-words.ts';
import { jobButtons } from './progress.ts';

const PAGE = 8;

/** One that was not started is shown to nobody but the person who looks at its estimate. */
export function isStarted({ state }: JobStatus): boolean {
  return state !== 'ready';
}

/** A page of the workspace's lists, the newest first. `page` counts from 0. */
export function jobsMessage(jobs: readonly JobStatus[], page: number, reader: Reader): Message {
  const started = jobs.filter(isStarted);
  if (started.length === 0) {
    const text = 'No lists yet. Enrich the first one: a file, or leads that you paste.';
    return {
      text,
      blocks: [
        section(text),
        ...actions(button({ text: 'Enrich a list', action: ACTION.enrich, style: 'primary' })),
      ],
    };
  }
  const pages = Math.ceil(started.length / PAGE);
  const at = Math.min(Math.max(0, Math.trunc(page) || 0), pages - 1);
  return {
    text: `${reader.plural(started.length, 'list')}, the newest first.`,
    blocks: [
      header('Lists'),
      ...started.slice(at * PAGE, (at + 1) * PAGE).map((job) => jobLine(job, reader)),
      ...actions(
        ...(at > 0
          ? [button({ text: '‹ Newer', action: `${ACTION.jobsPage}.back`, value: String(at - 1) })]
          : []),
        ...(at + 1 < pages
          ? [button({ text: 'Older ›', action: `${ACTION.jobsPage}.on`, value: String(at + 1) })]
          : []),
      ),
      ...(pages > 1 ? [context(`Page ${at + 1} of ${pages}`)] : []),
    ],
  };
}

/** Opens the answers that contradict what was asked; none where there are none. */
export function decideButtons({ id, counts }: JobStatus): Button[] {
  if (counts.review === 0) return [];
  return [button({ text: 'Review answers', action: ACTION.decisions, value: id })];
}

/** One list in one block. */
export function jobLine(job: JobStatus, reader: Reader): KnownBlock {
  return section(
    [
      `*${nameOf(job)}* · ${stateWords(job.state)}${job.schedule ? ` · :repeat: every ${job.schedule.every}` : ''}`,
      `${leadsWords(job, reader)} · ${reader.count(job.counts.matched)} found · ${creditsWords(job, reader)} · ${moment(job.createdAt)}`,
    ].join('\n'),
    button({ text: 'Open', action: ACTION.status, value: job.id }),
  );
}

export interface JobMessageModel {
  /** Something that was just done, said first. */
  readonly note?: string | undefined;
  /** Whether the list is shared, for whoever may change that. */
  readonly shared?: boolean | undefined;
}

/** One list with everything that can be done about it. */
export function jobMessage(job: JobStatus, reader: Reader, { note, shared }: JobMessageModel = {}): Message {
  const { counts } = job;
  const figures = [
    leadsWords(job, reader),
    `${reader.count(counts.matched)} found`,
    ...(job.kind === 'people' ? [reader.plural(counts.verifiedEmails, 'verified e-mail')] : []),
    ...(job.options.reveal.phones ? [reader.plural(counts.phones, 'phone')] : []),
    ...(counts.review > 0 ? [`${reader.count(counts.review)} to review`] : []),
    ...(counts.failed > 0 ? [`${reader.count(counts.failed)} failed`] : []),
    creditsWords(job, reader),
    ...(job.inDoubtCalls > 0 ? [`${reader.plural(job.inDoubtCalls, 'call')} in doubt`] : []),
  ];
  const isOver = job.state === 'done' || job.state === 'cancelled';
  return {
    text: `${note ? `${note} ` : ''}${shown(job.name, 80)}: ${plainStateWords(job.state)}, ${leadsWords(job, reader)}.`,
    blocks: [
      ...(note ? [section(note)] : []),
      section(
        [
          `*${nameOf(job)}* · ${stateWords(job.state)}`,
          figures.join(' · '),
          ...(job.state === 'paused' ? [pauseWords(job)] : []),
          ...scheduleLines(job),
        ].join('\n'),
      ),
      ...jobButtons(job),
      ...(job.finished > 0
        ? actions(
            button({
              text: isOver ? 'Send me the file' : 'Send me what there is',
              action: ACTION.file,
              value: job.id,
            }),
            ...(counts.unmatched > 0
              ? [button({ text: 'Not found only', action: ACTION.unmatched, value: job.id })]
              : []),
            ...decideButtons(job),
            ...(isOver && counts.failed > 0
              ? [button({ text: 'Try failed again', action: ACTION.again, value: job.id })]
              : []),
          )
        : []),
      ...actions(
        ...(isStarted(job) ? [scheduleButton(job)] : []),
        ...(shared === undefined ? [] : [shareButton(job, shared)]),
      ),
      context(`ID \`${job.id}\` · ${moment(job.createdAt)}`),
    ],
  };
}

function scheduleButton({ id, schedule }: JobStatus): Button {
  return button({
    text: schedule ? 'Change when it runs again' : 'Run again by itself',
    action: ACTION.schedule,
    value: id,
  });
}

function shareButton({ id }: JobStatus, shared: boolean): Button {
  return button({
    text: shared ? 'Stop sharing' : 'Share with everyone here',
    action: shared ? ACTION.unshare : ACTION.share,
    value: id,
  });
}
