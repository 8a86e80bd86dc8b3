import path from 'node:path';
import type { JobStatus, PauseReason, Waiting } from '@connectionsphere/core';
import { waitingDocument } from '../api/documents.ts';
import { type CreditCheck, creditCheck, creditCheckDocument } from '../credit-check.ts';
import { scheduleDocument, scheduleWords } from '../schedule-words.ts';
import { count, duration, moment, plural, WAITS } from '../words.ts';
import type { OwnListSource } from './list-source.ts';
import { facts, oneLine, styled, table } from './output.ts';

/** Why a job is paused and what makes it go on. */
const REASONS: Record<PauseReason, string> = {
  asked: 'You paused it.',
  'no-slot': 'No connected key can do it. Connect one, or mend the one that is refused.',
  'no-credits': 'Apollo has no credits left for the connected keys. Add credits, or connect another key.',
  'credit-limit': "The job's credit limit is reached. Raise it with --limit.",
  'slot-limit':
    'Every slot that could do it is at its limit for the month. Raise one with "credits --slot-limit".',
  'monthly-limit': 'The credit limit of the month is reached. Raise it with "credits --monthly-limit".',
  'request-refused': 'Apollo does not take what is asked for. Ask with other options.',
  'apollo-trouble': 'Apollo could not be reached for a minute. The job resumes automatically.',
  shutdown: 'The program was ended.',
  interrupted: 'The program ended before the job did.',
};

/** A job as `--json` gives it. `out`: where its enriched list was written just now. */
export function jobDocument(job: JobStatus, out?: string): object {
  const { id, name, state, reason, kind, rows, finished, counts } = job;
  return {
    job: id,
    id,
    name,
    state,
    reason: reason ?? null,
    problem: job.problem ?? null,
    waiting: job.waiting ? waitingDocument(job.waiting) : null,
    kind,
    rows,
    finished,
    duplicates: counts.duplicates,
    known: counts.known,
    lookups: counts.lookups,
    matched: counts.matched,
    review: counts.review,
    unmatched: counts.unmatched,
    skipped: counts.skipped,
    failed: counts.failed,
    emails: counts.emails,
    verifiedEmails: counts.verifiedEmails,
    phones: counts.phones,
    credits: job.credits,
    creditLimit: job.creditLimit ?? null,
    inDoubtCalls: job.inDoubtCalls,
    inDoubtCredits: job.inDoubtCredits,
    creditCheck: creditCheckDocument(job),
    calls: job.calls,
    rateLimited: job.rateLimited,
    latePending: job.latePending,
    latePeople: job.latePeople,
    seconds: Math.round(job.workedMs) / 1000,
    createdAt: new Date(job.createdAt).toISOString(),
    endedAt: job.endedAt === undefined ? null : new Date(job.endedAt).toISOString(),
    repeats: job.repeats ?? null,
    schedule: job.schedule ? scheduleDocument(job.schedule) : null,
    out: out ?? (job.source as OwnListSource | null)?.out ?? null,
  };
}

/** One job for people: how it stands, its figures, and what to type next. */
export function jobText(job: JobStatus, written?: string): string {
  const { counts, rows, finished } = job;
  const share = (value: number) => (rows === 0 ? '' : `  (${Math.round((value / rows) * 100)} %)`);
  const withPhones = job.options.reveal.phones || job.options.reveal.waterfall;
  const check = creditCheck(job);
  const figures: (readonly [string, string])[] = [
    ['Rows', finished === rows ? count(rows) : `${count(finished)} of ${count(rows)}`],
    ['Matched', count(counts.matched) + share(counts.matched)],
    ...(job.kind === 'people'
      ? [
          [
            'E-mails',
            `${count(counts.emails)}${share(counts.emails)}, ${count(counts.verifiedEmails)} verified`,
          ] as const,
        ]
      : []),
    ...(withPhones ? [['Phones', count(counts.phones) + share(counts.phones)] as const] : []),
    ...(counts.review > 0 ? [['To review', count(counts.review) + share(counts.review)] as const] : []),
    ['Not found', count(counts.unmatched) + share(counts.unmatched)],
    ...(counts.skipped > 0 ? [['Skipped', count(counts.skipped)] as const] : []),
    ...(counts.failed > 0 ? [['Failed', styled('red', count(counts.failed))] as const] : []),
    ['Saved', `${plural(counts.duplicates, 'duplicate')}, ${count(counts.known)} known already`],
    [
      'Credits',
      count(job.credits) + (job.creditLimit === undefined ? '' : ` of at most ${count(job.creditLimit)}`),
    ],
    ...(check ? [['At Apollo', check.teams.join('; ')] as const, ['', checkText(check)] as const] : []),
    ['Calls', `${count(job.calls)}, ${count(job.rateLimited)} of them refused as too fast (429)`],
    ...(job.inDoubtCalls > 0 ? [['In doubt', inDoubtText(job)] as const] : []),
    ...(job.latePending > 0 ? [['Phones to come', phonesToCome(job)] as const] : []),
    ['Time', duration(job.workedMs / 1000)],
    ...(job.schedule ? [['Runs again', scheduleWords(job.schedule)] as const] : []),
    ...(job.limitsMs === undefined ? [] : [['Left', `at least ${duration(job.limitsMs / 1000)}`] as const]),
  ];
  return [
    `${styled('bold', oneLine(job.name, 60))}  ${stateText(job)}  ${styled('dim', job.id)}`,
    facts(figures),
    ...(written === undefined ? [] : [`Written to ${path.relative('.', written) || written}`]),
    ...nextSteps(job),
  ].join('\n');
}

/** Their credits count against limits, since nobody can say that they were not charged. */
function inDoubtText({ inDoubtCalls, inDoubtCredits }: JobStatus): string {
  return `${plural(inDoubtCalls, 'call')} whose answer was lost: perhaps charged, at most ${plural(inDoubtCredits, 'credit')}`;
}

function checkText({ verdict, differs }: CreditCheck): string {
  return differs ? styled('yellow', verdict) : verdict;
}

/** "waits for Apollo's limit until 14:05", by this machine's clock and on the full minute after. */
export function waitingText({ for: what, until }: Waiting): string {
  if (until === undefined) return WAITS[what];
  const minute = new Date(Math.ceil(until / 60_000) * 60_000);
  const hours = minute.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${WAITS[what]} until ${hours}`;
}

function stateText({ state, reason, problem, waiting }: JobStatus): string {
  if (state === 'done') return styled('green', 'done') + (problem === undefined ? '' : `. ${problem}`);
  if (state === 'running') {
    return styled('cyan', 'running') + (waiting ? `; ${waitingText(waiting)}` : '');
  }
  if (state !== 'paused') return state;
  return `${styled('yellow', 'paused')}. ${[problem ?? '', reason ? REASONS[reason] : ''].join(' ').trim()}`;
}

function phonesToCome({ latePeople, latePending }: JobStatus): string {
  return `of up to ${plural(latePeople, 'person', 'people')}, in ${plural(latePending, 'request')}`;
}

function nextSteps({ id, state, reason, counts, latePending }: JobStatus): string[] {
  if (state === 'ready') return [`Start it with: ./connectionsphere resume ${id}`];
  if (state === 'cancelled') return [`Take it up again where it was with: ./connectionsphere resume ${id}`];
  if (state === 'done') {
    return [
      ...(latePending > 0
        ? [
            `Phones are still to come; Apollo keeps them for 30 days. Fetch them, and write the list again, with: ./connectionsphere resume ${id}`,
          ]
        : []),
      ...(counts.review > 0
        ? [`Review the answers that may be about other people: ./connectionsphere review ${id}`]
        : []),
    ];
  }
  if (state !== 'paused') return [];
  const raise = reason === 'credit-limit' ? ' --limit CREDITS' : '';
  return [`Go on with: ./connectionsphere resume ${id}${raise}`];
}

/** All jobs, the newest first. */
export function jobsText(jobs: readonly JobStatus[]): string {
  if (jobs.length === 0) {
    return 'No lists yet. Enrich one with: ./connectionsphere enrich leads.csv';
  }
  const rows = jobs.map((job) => [
    job.id,
    oneLine(job.name, 30),
    job.state === 'paused' && job.reason ? `paused (${job.reason})` : job.state,
    `${count(job.finished)}/${count(job.rows)}`,
    count(job.counts.matched),
    count(job.credits),
    moment(job.createdAt),
  ]);
  return table(['Job', 'List', 'State', 'Rows', 'Matched', 'Credits', 'Made'], rows, [3, 4, 5]);
}
