/** Dedupe → known? → batch → pool → align → remember, with what it costs. */
export {
  Accounts,
  type CreditSettings,
  countedCredits,
  type MonthlySpend,
  type Usage,
} from './accounts.ts';
export { authorOfKey } from './authors.ts';
export { cellWriter, columnsFor } from './columns.ts';
export { roundCredits } from './credits.ts';
export { Direct, type DirectAnswer, type DirectRequest, type DirectResult } from './direct.ts';
export {
  type EnrichContext,
  Enricher,
  type Enrichment,
  identify,
  type LeadRow,
  outcomeOf,
  type RowOutcome,
} from './enricher.ts';
export { ForgetError, type Forgettable, Forgotten, textEraser } from './forget.ts';
export { ForgottenMarks, isMeantBy } from './forgotten-marks.ts';
export { Journal } from './journal.ts';
export { type Freshness, type KnownResult, KnownResults } from './known.ts';
export { type LateArrival, LateRequests } from './late.ts';
export type { LatePolls } from './late-polling.ts';
export type { Stopped } from './lookup.ts';
export { Lookups } from './lookups.ts';
export { LostAnswersRepository } from './lost-answers.ts';
export {
  addsCompany,
  comesLate,
  DEFAULT_OPTIONS,
  type EnrichOptions,
  mostCredits,
  mostCreditsOf,
  takesTwoCalls,
} from './options.ts';
export { PaidCalls } from './paid-calls.ts';
export { PRESET_NAMES, PRESETS, type Preset, presetColumns, presetRow } from './presets.ts';
