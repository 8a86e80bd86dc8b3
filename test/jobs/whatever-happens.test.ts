import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JobStatus } from '../../core/index.ts';
import type { FaultKind } from '../sandbox/index.ts';
import { PHONES, person, startWorld, TEAMS, WORKSPACE, type World } from './world.ts';

/** Leads in one call at most. */
const BATCH = 10;
const NOTHING = ['', '', '', '', ''];

/** What happens to a list while it runs, after so many calls of it. */
interface Incident {
  readonly what: 'pause' | 'kill' | 'restart' | 'raise';
  readonly after: number;
}

const people = fc.array(fc.option(fc.nat(120), { nil: undefined, freq: 30 }), {
  minLength: 1,
  maxLength: 400,
  size: 'max',
});
const incidents = fc.array(
  fc.record<Incident>({
    what: fc.constantFrom('pause', 'kill', 'restart', 'raise'),
    after: fc.nat(6),
  }),
  { maxLength: 5, size: 'max' },
);
const faults = fc.array(
  fc.record({
    kind: fc.constantFrom<FaultKind>(
      '429',
      '500',
      '502',
      '503',
      'cut',
      'cutBefore',
      'nonsense',
      'truncated',
      'swapped',
    ),
    times: fc.integer({ min: 1, max: 4 }),
    after: fc.nat(8),
  }),
  { maxLength: 4, size: 'max' },
);
/** Under which limits, in credits, and whether with phones that come late. */
const wishes = fc.record({
  phones: fc.boolean(),
  job: fc.option(fc.integer({ min: 0, max: 250 }), { nil: undefined }),
  month: fc.option(fc.integer({ min: 0, max: 250 }), { nil: undefined }),
});

function calls({ sandbox }: World): number {
  return sandbox.counts().byEndpoint['people/bulk_match'] ?? 0;
}

/** Waits for so many more calls, or for the list to stop. */
async function callsMore(world: World, id: string, more: number): Promise<void> {
  const enough = calls(world) + more;
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  // It rejects when the core is closed meanwhile, which is the end of it too.
  world.core.jobs.settled(id).then(stop, stop);
  while (!stopped && calls(world) < enough) await new Promise(setImmediate);
}

/**
 * Nothing that the books of Apollo say was charged is missing from ours, and the limits hold. Phones of people with a
 * name alone take a second call, which is charged for their data again.
 */
function expectWithin(world: World, status: JobStatus, most: number): void {
  const { credits, chargedMoreThanOnce } = world.sandbox.counts();
  expect(status.credits + status.inDoubtCredits).toBeLessThanOrEqual(most);
  expect(credits).toBeGreaterThanOrEqual(status.credits);
  expect(credits).toBeLessThanOrEqual(most);
  // Phones that have come there are charged before they are here.
  if (status.latePending === 0) expect(credits).toBeLessThanOrEqual(status.credits + status.inDoubtCredits);
  const { phones } = status.options.reveal;
  const repeats = chargedMoreThanOnce.reduce(
    (sum, { for: what, times }) => sum + times - (phones && what === 'data' ? 2 : 1),
    0,
  );
  // A person's data and phone are charged apart.
  expect(repeats).toBeLessThanOrEqual(2 * BATCH * status.inDoubtCalls);
}

it('every row comes back once, in order, and the books agree', async () => {
  await fc.assert(
    fc.asyncProperty(people, incidents, faults, wishes, async (numbers, incidents, faults, wish) => {
      await using world = await startWorld({ teams: TEAMS, matchRate: 0.8, latencyMs: 2, webhooks: 'never' });
      for (const fault of faults) {
        // Something before Apollo failed: of the answers with an error, only these may have been charged.
        const charged = fault.kind === '502';
        world.sandbox.fault({ ...fault, charged, endpoint: 'people/bulk_match' });
      }
      if (wish.month !== undefined) await world.core.credits.setMonthlyLimit(WORKSPACE, wish.month);
      const rows = numbers.map((number) => (number === undefined ? NOTHING : person(number)));
      let most = Math.min(wish.job ?? Number.POSITIVE_INFINITY, wish.month ?? Number.POSITIVE_INFINITY);
      const { id } = await world.prepare({
        rows,
        ...(wish.phones && { options: PHONES }),
        ...(wish.job !== undefined && { creditLimit: wish.job }),
      });

      for (const { what, after } of incidents) {
        if ((await world.core.jobs.status(id))?.state === 'done') break;
        await world.core.jobs.start(id);
        await callsMore(world, id, after);
        if (what === 'pause') await world.core.jobs.pause(id);
        else if (what === 'kill') await world.kill();
        else if (what === 'restart') await world.restart();
        else await world.core.jobs.settled(id);
        const status = await world.core.jobs.status(id);
        if (status && status.state !== 'running') expectWithin(world, status, most);
        if (what === 'raise' && wish.job !== undefined) {
          await world.core.jobs.setCreditLimit(id, wish.job + 20);
          most = Math.min(wish.job + 20, wish.month ?? Number.POSITIVE_INFINITY);
        }
      }

      // At the limit it waits, as it should; without one it comes to its end.
      const waiting = (await world.core.jobs.status(id))?.state !== 'done' && (await world.resume(id));
      if (waiting) expectWithin(world, waiting, most);
      await world.core.jobs.setCreditLimit(id, undefined);
      await world.core.credits.setMonthlyLimit(WORKSPACE, undefined);
      const done =
        waiting && waiting.state !== 'done' ? await world.resume(id) : await world.core.jobs.settled(id);
      expect(done).toMatchObject({ state: 'done', finished: rows.length });
      expectWithin(world, done, Number.POSITIVE_INFINITY);
      expect(world.sandbox.counts().rateLimited).toBe(0);

      const output = await world.output(id);
      expect(output.map(({ cells }) => cells)).toEqual(rows);
      const answers = new Map<string, string>();
      for (const { cells, added } of output) {
        const { apollo_outcome = '', apollo_linkedin_url = '' } = added;
        const name = cells.join();
        expect(apollo_outcome).toMatch(cells[0] === '' ? /^skipped$/ : /^(matched|unmatched|failed)$/);
        if (apollo_outcome === 'matched') expect(apollo_linkedin_url).toContain(cells[0]?.toLowerCase());
        // Rows about one person have one answer.
        expect(answers.get(name) ?? apollo_outcome).toBe(apollo_outcome);
        answers.set(name, apollo_outcome);
      }
      const { counts } = done;
      const outcomes = output.map(({ added }) => added.apollo_outcome);
      for (const outcome of ['matched', 'unmatched', 'skipped', 'failed'] as const) {
        expect(counts[outcome]).toBe(outcomes.filter((each) => each === outcome).length);
      }
    }),
    { numRuns: 10, interruptAfterTimeLimit: 15_000 },
  );
});
