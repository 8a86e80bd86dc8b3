/** Lists as durable work. */
export { type CreditComparison, compareCredits } from './balances.ts';
export type { ReviewVerdict } from './decisions.ts';
export { JobError, KindUnclearError, UnclearListError } from './errors.ts';
export { Jobs } from './jobs.ts';
export {
  SCHEDULE_PERIODS,
  type Schedule,
  ScheduleOver,
  type SchedulePeriod,
  type ScheduleStarter,
  type ScheduleWish,
} from './schedules.ts';
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
