/** Who calls Apollo when: allowances learnt from its answers, a lane per team and endpoint, turns. */
export { type Answer, BATCH_SIZE, type Call, type Called, type LaneStatus, Pool } from './pool.ts';
export type { Work } from './queue.ts';
