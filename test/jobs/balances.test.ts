import { expect, it } from 'vitest';
import { creditCheck } from '../../bot/credit-check.ts';
import { compareCredits } from '../../core/jobs/balances.ts';
import type { JobStatus } from '../../core/jobs/types.ts';
import { people, startWorld } from './world.ts';

const usedBy = (status: JobStatus) =>
  (compareCredits(status)?.teams ?? []).reduce(
    (sum, { before, after }) => sum + before.left - (after?.left ?? Number.NaN),
    0,
  );

/** What the keys have left is read within five seconds of the core's clock: time enough, at five times its speed, on a busy machine too. */
const speed = 5;

it('what Apollo reports is compared with the books after a list', async () => {
  await using world = await startWorld({ speed });
  const status = await world.run({ rows: people(12) });
  expect(status.credits).toBeGreaterThan(0);
  expect(compareCredits(status)).toMatchObject({
    ours: status.credits,
    reported: status.credits,
    difference: 0,
    unread: [],
    otherLists: 0,
  });
  expect(usedBy(status)).toBe(status.credits);
  expect(creditCheck(status)?.verdict).toBe(
    `Apollo reports ${status.credits} credits used, as our books do.`,
  );
});

it('a call whose charge nobody heard of shows as a difference, with the call that may explain it', async () => {
  await using world = await startWorld({ speed });
  world.sandbox.fault({ kind: 'cut', endpoint: 'people/bulk_match', times: 1 });
  const status = await world.run({ rows: people(3) });
  const { difference = 0 } = compareCredits(status) ?? {};
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThanOrEqual(status.inDoubtCredits);
  expect(creditCheck(status)).toMatchObject({
    differs: true,
    verdict: expect.stringContaining('1 call in doubt, at most 3 credits'),
  });
});

it('a colleague who spends credits meanwhile is a possible reason, and says so', async () => {
  await using world = await startWorld({
    speed,
    between: (http) => ({
      ...http,
      request: async ({ body, ...request }) => {
        if (body !== undefined) {
          const email = encodeURIComponent('colleague@contoso.com');
          await http.request({
            ...request,
            url: request.url.replace(/bulk_match.*/, `match?email=${email}`),
          });
        }
        return await http.request({ ...request, ...(body !== undefined && { body }) });
      },
    }),
  });
  const status = await world.run({ rows: people(3) });
  expect(compareCredits(status)?.difference).toBe(1);
  expect(creditCheck(status)?.verdict).toContain('1 more. Possible reasons: colleagues and other tools');
});
