import { expect, it } from 'vitest';
import { measure } from './measure.ts';

/** As `npm run bench:match`, with fewer leads: its figures for 10,000 stand in docs/matching.md. */
it('of misleading answers hardly a stranger passes as found, and hardly a right person has to be looked at', async () => {
  const { leads, right, strangers, reviewed, lost, caught, credits, charged } = await measure(1200, 7);
  expect(strangers.length / leads).toBeLessThanOrEqual(1 / 1000);
  expect((reviewed.length + lost.length) / right).toBeLessThanOrEqual(1 / 100);
  expect(right).toBeGreaterThan(600);
  expect(caught).toBeGreaterThan(300);
  expect(credits).toBe(charged);
});
