import type { JobState, JobStatus, PauseReason } from '@connectionsphere/core';
import { shown } from './blocks.ts';
import type { Reader } from './people.ts';

/** Why a job is paused and what makes it go on. */
const REASONS: Record<PauseReason, string> = {
  asked: 'Somebody paused it. Press Resume to go on.',
  'no-slot': 'No connected key can do it. Connect one, or mend the one that Apollo refuses; then it goes on.',
  'no-credits':
    'Apollo has no credits left for the connected keys. Add credits there or connect another key; then it goes on.',
  'credit-limit': 'Its credit limit is reached. Start the rest as a new list, or raise the limit.',
  'monthly-limit':
    'The credit limit of the month is reached. Raise it with /apollo credits; then it goes on.',
  shutdown: 'The bot is being restarted. It goes on by itself.',
  interrupted: 'The bot stopped before the list was done. It goes on by itself.',
};

const STATES: Record<JobState, string> = {
  ready: ':memo: ready to start',
  running: ':hourglass_flowing_sand: running',
  paused: ':double_vertical_bar: paused',
  done: ':white_check_mark: done',
  cancelled: ':black_square_for_stop: cancelled',
};

const PLAIN_STATES: Record<JobState, string> = {
  ready: 'ready to start',
  running: 'running',
  paused: 'paused',
  done: 'done',
  cancelled: 'cancelled',
};

export function pauseWords(reason: PauseReason | undefined): string {
  return reason ? REASONS[reason] : '';
}

export function stateWords(state: JobState): string {
  return STATES[state];
}

/** The same for notifications and screen readers. */
export function plainStateWords(state: JobState): string {
  return PLAIN_STATES[state];
}

export function nameOf(job: Pick<JobStatus, 'name'>): string {
  return shown(job.name, 80);
}

/** " (52 %)", or nothing where there is no whole. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '' : ` (${Math.round((part / whole) * 100)} %)`;
}

/** "4,120 credits of at most 5,000". */
export function creditsWords({ credits, creditLimit }: JobStatus, reader: Reader): string {
  const spent = reader.plural(credits, 'credit');
  return creditLimit === undefined ? spent : `${spent} of at most ${reader.count(creditLimit)}`;
}
