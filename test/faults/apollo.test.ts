import { describe, expect, it } from 'vitest';
import { people, startWorld, type World } from '../jobs/world.ts';
import { FAULT_KINDS, type Fault } from '../sandbox/faults.ts';
import { length, report, seeded } from './length.ts';

const LEADS = length(300, 10_000);
/** Every so many rows repeats an earlier one, and one has nothing to go by. */
const REPEATED_EVERY = 25;
const EMPTY_EVERY = 100;
/** Leads in one call at most. */
const BATCH = 10;

/** ms after which an answer that never comes is given up; far above what an answer takes. */
const GIVEN_UP_MS = 3000;

/** What one fault is switched on with; what cannot end by itself ends after some calls. */
const ALONE: Readonly<Record<(typeof FAULT_KINDS)[number], Partial<Fault>>> = {
  '429': { probability: 0.2 },
  '500': { probability: 0.2 },
  '502': { probability: 0.1, charged: true },
  '503': { probability: 0.2 },
  '504': { probability: 0.1, charged: true },
  '520': { probability: 0.1, charged: true },
  '521': { probability: 0.2 },
  '522': { probability: 0.1, charged: true },
  '523': { probability: 0.2 },
  '524': { probability: 0.1, charged: true },
  '525': { probability: 0.2 },
  '526': { probability: 0.2 },
  '530': { probability: 0.2 },
  'cloudflare 1010': { probability: 0.2 },
  'cloudflare 1015': { probability: 0.2 },
  'cloudflare 403': { probability: 0.2 },
  'cloudflare 429': { probability: 0.2 },
  'cloudflare json': { probability: 0.2 },
  forbidden: { probability: 0.2 },
  'not allowed': { times: 1, after: 5 },
  'not allowed 401': { times: 1, after: 5 },
  'not allowed in words': { times: 1, after: 5 },
  'refused as json': { times: 1, after: 5 },
  'wrong webhook': { times: 1, after: 5 },
  'wrong request': { times: 1, after: 5 },
  'no mobile credits': { times: 1, after: 5 },
  'no credits in words': { times: 1, after: 5 },
  slow: { probability: 0.2, ms: 30 },
  cut: { probability: 0.1 },
  cutBefore: { probability: 0.2 },
  hang: { probability: 0.05 },
  nonsense: { probability: 0.1 },
  truncated: { probability: 0.1 },
  short: { probability: 0.2 },
  shifted: { probability: 0.2 },
  swapped: { probability: 0.2 },
  revoked: { times: 1, after: 5 },
  noCredits: { times: 1, after: 5 },
};

describe('Apollo with faults', () => {
  it.each(FAULT_KINDS)(
    'gives every lead of a list an honest outcome, in order, when there is "%s"',
    async (kind) => {
      await using world = await startWorld({
        matchRate: 0.9,
        latencyMs: 1,
        ...(kind === 'hang' && { answerMs: GIVEN_UP_MS }),
      });
      const fault: Fault = { ...ALONE[kind], kind, endpoint: 'people/bulk_match' };
      await expectHonest(world, `"${kind}" alone`, LEADS, [fault]);
    },
  );

  seeded('does so when all of them come together at random', async (seed) => {
    await using world = await startWorld({
      matchRate: 0.9,
      latencyMs: { median: 2, p95: 10 },
      answerMs: GIVEN_UP_MS,
      seed,
    });
    const faults = FAULT_KINDS.map((kind): Fault => {
      const { probability = 1, ...rest } = ALONE[kind];
      return { ...rest, kind, probability: Math.min(probability, kind === 'slow' ? 0.2 : 0.02) };
    });
    await expectHonest(world, 'All faults together', LEADS, faults);
  });
});

/** Enriches a list under these faults, and sees that nothing is lost, mixed up, or paid for without a reason. */
async function expectHonest(world: World, what: string, leads: number, faults: readonly Fault[]) {
  const rows = list(leads);
  for (const fault of faults) world.sandbox.fault(fault);
  const began = performance.now();
  let status = await world.run({ rows });
  // A key that was refused or had no credits is asked again, as a process that lives long does every minute.
  for (let tries = 0; status.state === 'paused' && tries < 100; tries += 1) {
    await world.core.slots.refresh('contoso');
    status = await world.resume(status.id);
  }
  expect(status).toMatchObject({ state: 'done', rows: leads, finished: leads });

  const output = await world.output(status.id);
  expect(output.map(({ cells }) => cells)).toEqual(rows);
  const usage = { matched: 0, unmatched: 0, skipped: 0, failed: 0 };
  for (const { cells, added } of output) {
    const outcome = added.apollo_outcome as keyof typeof usage;
    usage[outcome] += 1;
    if (cells[0] === '') expect(outcome).toBe('skipped');
    // Made-up people have their names in their addresses: nobody else's answer stands in the row.
    if (outcome === 'matched') {
      expect(added.apollo_id).not.toBe('');
      expect(added.apollo_linkedin_url).toContain(cells[0]?.toLowerCase());
    } else {
      expect(added.apollo_id).toBe('');
    }
    if (outcome === 'failed') expect(added.apollo_error).toMatch(/\w.*\./);
  }
  expect(status.counts).toMatchObject(usage);
  expect(usage.matched).toBeGreaterThan(leads / 2);

  const counts = world.sandbox.counts();
  const again = counts.chargedMoreThanOnce.reduce((sum, { times }) => sum + times - 1, 0);
  // What the job did not count is what was charged in calls whose answer was lost: told by the sandbox, but
  // for those that it did answer after we had given them up.
  const lost = counts.credits - status.credits;
  if (faults.some(({ kind }) => kind === 'hang'))
    expect(lost).toBeLessThanOrEqual(status.inDoubtCalls * BATCH);
  else expect(lost).toBe(counts.chargedAnswerLost.credits);
  expect(counts.credits).toBe(counts.peopleCharged + again);
  // Asked for again: leads of calls in doubt, and whoever is missing from an answer that came short.
  const missing = faults.some(({ kind }) => kind === 'short') ? status.calls : 0;
  expect(again).toBeLessThanOrEqual(status.inDoubtCalls * BATCH + missing);
  // Two answers that were lost on the way and the one after them, whatever it is, are the end of it for a lead, also in
  // rows that repeat it and after a pause.
  for (const { times } of counts.chargedMoreThanOnce) expect(times).toBeLessThanOrEqual(3);
  expect(counts.chargedAnswerLost.calls).toBeLessThanOrEqual(status.inDoubtCalls);
  report(what, {
    leads,
    matched: usage.matched,
    unmatched: usage.unmatched,
    failed: usage.failed,
    'people charged': counts.peopleCharged,
    'credits on the books of Apollo': counts.credits,
    'credits of the job': status.credits,
    'calls in doubt': status.inDoubtCalls,
    'charged again': again,
    seconds: Math.round((performance.now() - began) / 1000),
  });
}

function list(leads: number): string[][] {
  const rows = people(leads);
  return rows.map((row, index) => {
    if (index % EMPTY_EVERY === EMPTY_EVERY - 1) return ['', '', '', '', ''];
    return index % REPEATED_EVERY === REPEATED_EVERY - 1 ? (rows[index - 7] ?? row) : row;
  });
}
