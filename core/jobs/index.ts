/** Lists as durable work. */
export { type CreditComparison, compareCredits } from './balances.ts';
export type { ReviewVerdict } from './decisions.ts';
export { JobError, KindUnclearError, UnclearListError } from './errors.ts';
export { Jobs } from './jobs.ts';
export type { Schedule, ScheduleWish } from './schedule-repository.ts';
export { ScheduleOver, type ScheduleStarter } from './schedule-runs.ts';
export { SCHEDULE_PERIODS, type SchedulePeriod } from './schedule-times.ts';
export { SCHEDULE_MOST_DAYS } from './schedules.ts';
export type {
  Counts,
  DuplicateKey,
  Estimate,
  Job,
  JobState,
  JobStatus,
  PauseReason,
  PrepareJob,
  ResultRow,
  Waiting,
} from './types.ts';
