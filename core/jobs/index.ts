/** Lists as durable work. */
export { type CreditComparison, compareCredits } from './balances.ts';
export type { ReviewVerdict } from './decisions.ts';
export { JobError, KindUnclearError } from './errors.ts';
export { Jobs } from './jobs.ts';
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
