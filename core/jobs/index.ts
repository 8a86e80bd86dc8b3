/** Lists as durable work. */
export type { ReviewVerdict } from './decisions.ts';
export { JobError } from './errors.ts';
export { Jobs } from './jobs.ts';
export type {
  Counts,
  Estimate,
  Job,
  JobState,
  JobStatus,
  PauseReason,
  PrepareJob,
  ResultRow,
} from './types.ts';
