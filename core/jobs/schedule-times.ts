const WEEK_MS = 7 * 86_400_000;

export const SCHEDULE_PERIODS = ['week', 'month'] as const;
export type SchedulePeriod = (typeof SCHEDULE_PERIODS)[number];

/**
 * The first time after `now` that is whole periods from `from` (ms since the epoch, in UTC). Of months: the same day, or the
 * last one of a month that has no such day.
 */
export function nextAfter(every: SchedulePeriod, from: number, now: number): number {
  if (every === 'week') return from + (Math.floor((now - from) / WEEK_MS) + 1) * WEEK_MS;
  const first = new Date(from);
  const today = new Date(now);
  const between =
    (today.getUTCFullYear() - first.getUTCFullYear()) * 12 + today.getUTCMonth() - first.getUTCMonth();
  const times = [between, between + 1].map((months) => monthsAfter(first, months));
  return times.find((time) => time > now) ?? monthsAfter(first, between + 2);
}

function monthsAfter(from: Date, months: number): number {
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(from.getUTCDate(), lastDay);
  const timeOfDay = from.getTime() - Date.UTC(year, from.getUTCMonth(), from.getUTCDate());
  return Date.UTC(year, month, day) + timeOfDay;
}
