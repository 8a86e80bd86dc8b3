/** Who calls Apollo when: allowances learnt from its answers, a lane per team and endpoint, turns. */
export { BATCH_SIZE, BULK, SINGLE } from './lane.ts';
export { KNOWN_LIMITS, type LaneStatus, type Starved } from './lanes.ts';
export { type Answer, type Call, type Called, type ErrandRoom, Pool } from './pool.ts';
export type { Work } from './queue.ts';
