/** Who calls Apollo when: allowances learnt from its answers, a limiter per team and endpoint, turns. */
export { BATCH_SIZE, BULK, SINGLE } from './limiter.ts';
export { KNOWN_LIMITS, type LimiterStatus, type NoCapacity, type TeamLimits } from './limiters.ts';
export { type Answer, type BackgroundRoom, type Call, type Called, Pool } from './pool.ts';
export type { Work } from './queue.ts';
