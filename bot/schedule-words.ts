import type { Schedule } from '@connectionsphere/core';
import { moment } from './words.ts';

/** Days after which an answer is asked for again, unless given. */
export const DEFAULT_SCHEDULE_DAYS = 30;

/** As programs get the schedule of a list. */
export function scheduleDocument({ job, every, olderThanDays, setAt, nextAt, by, last }: Schedule): object {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    job,
    every,
    olderThanDays,
    setAt: iso(setAt),
    nextAt: iso(nextAt),
    ...(by && { by: { kind: by.kind, id: by.id, via: by.via } }),
    ...(last && { last: { ...last, at: iso(last.at) } }),
  };
}

/** "every week, next on 2026-12-05 09:00 UTC; who was answered in the last 30 days is not asked for again". */
export function scheduleWords(schedule: Schedule, when: (ms: number) => string = moment): string {
  const { every, nextAt, olderThanDays } = schedule;
  const days = olderThanDays === 1 ? 'the last day' : `the last ${olderThanDays} days`;
  return `every ${every}, next on ${when(nextAt)}; who was answered in ${days} is not asked for again`;
}
