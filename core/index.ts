/** ConnectionSphere's core: slots, enrichment over several Apollo keys, durable jobs. No surface. */
export { KeyReused } from './answers.ts';
export type { Company, Person } from './apollo/index.ts';
export {
  Audit,
  type AuditEntry,
  type AuditFacts,
  type AuditQuery,
  DEEDS,
  type Deed,
  EVERYWHERE,
} from './audit.ts';
export * from './core.ts';
export { addFields } from './counters.ts';
export { singleProcess } from './embedded.ts';
export {
  authorOfKey,
  type CreditSettings,
  DEFAULT_OPTIONS,
  type DirectAnswer,
  type DirectRequest,
  type DirectResult,
  type EnrichOptions,
  ForgetError,
  mostCredits,
  mostCreditsOf,
  PRESET_NAMES,
  PRESETS,
  type Preset,
  presetColumns,
  presetRow,
  type Stopped,
} from './enrichment/index.ts';
export type { CoreEvent, EventHandler } from './events.ts';
export * from './jobs/index.ts';
export * from './leads/index.ts';
export { BATCH_SIZE, type LimiterStatus } from './limits/index.ts';
export { type Match, OUTCOMES, type Outcome } from './outcome.ts';
export type {
  Actor,
  Clock,
  Collection,
  Coordination,
  Counters,
  Fields,
  Http,
  HttpRequest,
  HttpResponse,
  Log,
  Meter,
  Ports,
  Shared,
  Store,
  WriteOptions,
} from './ports.ts';
export { HttpFailure } from './ports.ts';
export * from './slots/index.ts';
