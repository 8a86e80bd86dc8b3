import type { JobState, JobStatus, PauseReason, Schedule } from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { scheduleWords as plainScheduleWords } from '../../schedule-words.ts';
import { moment, shown } from '../blocks.ts';

/** Why a job is paused and what makes it go on. */
const REASONS: Record<PauseReason, string> = {
  asked: 'Somebody paused it. Press Resume to go on.',
  'no-slot':
    'No connected key can look people up. Connect one, or mend the one that Apollo refuses. Then it goes on by itself.',
  'no-credits':
    'The connected keys have no Apollo credits left. Add credits in Apollo, or connect another key. Then it goes on by itself.',
  'credit-limit': 'It reached its credit limit. Raise the limit, and it goes on where it stopped.',
  'slot-limit':
    'Every slot that could look people up is at its credit limit for the month. An admin can raise one under Credits. Then it goes on by itself.',
  'monthly-limit':
    'Your workspace reached its credit limit for the month. An admin can raise it under Credits. Then it goes on by itself.',
  'request-refused': 'Apollo does not take what is asked for. Mend that, then press Resume.',
  'apollo-trouble': 'Apollo could not be reached for a minute. It is tried again by itself.',
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

export function pauseWords({ reason, problem }: Pick<JobStatus, 'reason' | 'problem'>): string {
  if (!reason) return '';
  return problem === undefined ? REASONS[reason] : `${shown(problem, 400)} ${REASONS[reason]}`;
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

/** "1,240 of 2,480 leads". */
export function leadsWords({ finished, rows }: JobStatus, reader: Reader): string {
  return `${reader.count(finished)} of ${reader.plural(rows, 'lead')}`;
}

/** "4,120 credits (limit 5,000)". */
export function creditsWords({ credits, creditLimit }: JobStatus, reader: Reader): string {
  const spent = reader.plural(credits, 'credit');
  return creditLimit === undefined ? spent : `${spent} (limit ${reader.count(creditLimit)})`;
}

/** "every week, next on 5 Dec, 09:00; who was answered in the last 30 days is not asked for again", in the reader's time. */
export function scheduleWords(schedule: Schedule): string {
  return plainScheduleWords(schedule, moment);
}

/** That a list runs again by itself, or is a run of one that does, in a line; nothing where it does not. */
export function scheduleLines({ id, schedule }: Pick<JobStatus, 'id' | 'schedule'>): string[] {
  if (!schedule) return [];
  const { job, last } = schedule;
  const again = `:repeat: ${job === id ? 'Runs again' : 'Made by a list that runs again'} ${scheduleWords(schedule)}.`;
  return last?.problem === undefined
    ? [again]
    : [again, `:warning: The last time it did not run. ${shown(last.problem.replaceAll('`', ''), 400)}`];
}
