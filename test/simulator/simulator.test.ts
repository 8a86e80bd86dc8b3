import { describe, expect, it } from 'vitest';
import { reportOf } from './report.ts';
import { simulate } from './simulation.ts';

/** So many seeds in a run of all tests; `npm run simulate -- --seeds N` runs as many as one likes. */
const SEEDS = 60;
/** Seeds that found a defect once, with what it was. */
const FOUND: readonly (readonly [seed: number, what: string])[] = [
  [97, 'the first call of a window whose answer a crash took counted as seen by Apollo when it left'],
  [166, 'a late result that the disk did not take kept its place among the calls under way for ever'],
];

describe('the simulator', () => {
  it('replays a seed event by event', async () => {
    const [first, second] = [await simulate(3), await simulate(3)];
    expect(second.log).toEqual(first.log);
    expect(second.trace).toBe(first.trace);
    expect((await simulate(4)).trace).not.toBe(first.trace);
  });

  it.each(FOUND)('finds nothing any more with seed %i: %s', async (seed) => {
    const simulated = await simulate(seed);
    expect(simulated.failures, reportOf(simulated)).toEqual([]);
  });

  it(`finds nothing with ${SEEDS} other seeds`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const simulated = await simulate(seed);
      expect(simulated.failures, reportOf(simulated)).toEqual([]);
    }
  });
});
