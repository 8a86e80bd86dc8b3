import type { OpenReview } from '../../bot/reviews.ts';
import type { Connection, DirectAnswer, Job, JobStatus, SlotsView, SlotView } from '../../core/index.ts';
import { DEFAULT_OPTIONS } from '../../core/index.ts';
import { notation, words } from '../../core/slots/notation.ts';

/** Words that people and programs put into places where nobody expects them. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '<!channel> <@U123> <https://evil.example|click>',
  '&amp;&lt;&gt;&',
  '*bold* _it_ ~no~ `code` ```block```',
  'a\u202Eb\u0000c\nd\r\ne',
  '🧑‍🚀'.repeat(500),
  '&'.repeat(5000),
  'Ä'.repeat(5000),
  '"}],{"type":"section"}',
];

export const NOW = Date.UTC(2026, 10, 23, 9);

export function connection(text: string, change: Partial<Connection> = {}): Connection {
  return {
    id: 'one',
    workspace: 'T1',
    slot: 1,
    kind: 'self',
    label: text,
    last4: 'a`<&',
    team: text,
    teamKnown: true,
    connectedAt: NOW,
    health: { state: 'healthy' },
    ...change,
  };
}

export function slotsView(text: string, connected = 4): SlotsView {
  const slots: SlotView[] = [1, 2, 3, 4].map((number) => {
    const kind = number <= 2 ? 'self' : 'dfy';
    if (number > connected) return { number, kind, state: 'free', sharesLimitsWith: [] };
    const health = (
      [
        { state: 'healthy' },
        { state: 'limited', until: NOW + 60_000, window: 'minute' },
        { state: 'out-of-credits', since: NOW },
        { state: 'refused', since: NOW },
      ] as const
    )[number - 1] ?? { state: 'healthy' };
    return {
      number,
      kind,
      state: 'connected',
      connection: connection(text, {
        slot: number,
        kind,
        health,
        credits: { left: 1e12, limit: 1e12, readAt: NOW },
        limits: { 'people/bulk_match': { minute: { limit: 1000 } } },
      }),
      sharesLimitsWith: [1, 2, 3, 4].filter((other) => other !== number),
    };
  });
  return { workspace: 'T1', notation: notation(slots), words: words(slots), slots };
}

/** A list of which every count is `size`, with `text` wherever a text may stand. */
export function job(text: string, size: number, change: Partial<JobStatus> = {}): JobStatus {
  const headers = Array.from({ length: Math.min(size, 400) }, (_, n) => (n % 2 ? text : `${text} ${n}`));
  const has = headers.length > 6;
  const mapped = (index: number) => ({ columns: [index, index + 1], found: 'header' as const });
  return {
    id: 'job1',
    workspace: 'T1',
    name: text,
    state: 'running',
    kind: 'people',
    createdAt: NOW,
    workedMs: size * 1000,
    headers,
    source: {},
    mapping: {
      headers,
      fields: has ? { email: mapped(0), name: mapped(2), hashed_email: mapped(headers.length - 2) } : {},
      unused: headers.map((_, index) => index),
    },
    options: {
      ...DEFAULT_OPTIONS,
      reveal: { personalEmails: true, phones: true, waterfall: true },
      company: true,
    },
    rows: size,
    chunks: 1,
    estimate: {
      rows: size,
      duplicates: size,
      known: size,
      skipped: size,
      lookups: size,
      mostCredits: size * 17,
      seconds: size,
    },
    counts: {
      duplicates: size,
      known: size,
      lookups: size,
      matched: size,
      review: 0,
      unmatched: size,
      skipped: size,
      failed: size,
      emails: size,
      verifiedEmails: size,
      phones: size,
    },
    finished: Math.floor(size / 2),
    credits: size,
    calls: size,
    inDoubtCalls: size,
    inDoubtCredits: size,
    rateLimited: 0,
    latePending: size,
    latePeople: size,
    ...change,
  } satisfies Job & JobStatus;
}

export function directAnswer(text: string): DirectAnswer {
  const company = {
    id: 'c',
    name: text,
    domain: text,
    website: text,
    linkedinUrl: text,
    industry: text,
    city: text,
  };
  return {
    results: [
      {
        outcome: 'matched',
        how: 'lookup',
        person: {
          id: 'p',
          name: text,
          title: text,
          email: text,
          emailStatus: text,
          linkedinUrl: `https://www.linkedin.com/in/${encodeURIComponent(text.slice(0, 50).toWellFormed())}`,
          phones: Array.from({ length: 50 }, () => ({ number: text })),
          personalEmails: [text, text],
          city: text,
          company,
        },
        company,
      },
    ],
    credits: 9,
    calls: 1,
    inDoubtCalls: 0,
    inDoubtCredits: 0,
    rateLimited: 0,
    waitedMs: 0,
  };
}

/** An answer that contradicts what was asked, with `text` wherever a text may stand. */
export function openReview(text: string, row: number): OpenReview {
  const side = { name: text, title: text, company: text, domain: text, email: text, linkedinUrl: text };
  return { row, outcome: 'review', reason: text, asked: side, answered: side };
}
