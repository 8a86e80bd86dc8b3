import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { describe, expect } from 'vitest';
import { KEYS, type Machine, people, startMachine } from '../cli/command-line.ts';
import { random } from '../sandbox/chance.ts';
import { compareBooks } from './books.ts';
import { length, report, seeded } from './length.ts';

const LEADS = length(800, 20_000);
const KILLS = length(4, 100);
/** Every tenth row is about somebody who stood in an earlier one. */
const REPEATED_EVERY = 10;

describe('a job whose process is killed again and again', () => {
  seeded('gives every row once and in order, and its books agree with what Apollo charged', async (seed) => {
    const chance = random(seed);
    await using machine = await startMachine({
      latencyMs: { median: 60, p95: 200 },
      matchRate: 0.9,
      teams: [
        { id: 'team-contoso', credits: { limit: 100_000 }, keys: [KEYS.contoso] },
        { id: 'team-fabrikam', credits: { limit: 100_000 }, keys: [KEYS.fabrikam] },
      ],
    });
    for (const input of [KEYS.contoso, KEYS.fabrikam]) await machine.json(['connect'], { input });
    const list = withRepeats(people(LEADS));
    await machine.file('leads.csv', list);

    const began = performance.now();
    const { job, kills } = await killAgainAndAgain(machine, chance);
    const done = await machine.json<Done>(['resume', job, '--out', 'out.csv']);

    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(done).toMatchObject({ state: 'done', rows: LEADS, finished: LEADS, failed: 0, rateLimited: 0 });
    const before = rows(list);
    const after = rows(await machine.read('out.csv'));
    expect(after.map(({ Row }) => Row)).toEqual(before.map(({ Row }) => Row));
    const outcomes = after.map((row) => row.apollo_outcome);
    for (const outcome of ['matched', 'unmatched', 'skipped', 'failed'] as const) {
      expect(done[outcome]).toBe(outcomes.filter((each) => each === outcome).length);
    }
    expect(done.matched + done.unmatched).toBe(LEADS);
    expect(done.duplicates).toBe(LEADS / REPEATED_EVERY);
    expect(done.lookups).toBe(LEADS - LEADS / REPEATED_EVERY);
    const { people: charged, repeats } = compareBooks(done, machine.sandbox);
    expect(await machine.json(['credits'])).toMatchObject({ credits: done.credits });
    report('Killed', {
      leads: LEADS,
      kills,
      'distinct people charged': charged,
      'credits on the books of Apollo': machine.sandbox.counts().credits,
      'credits of the job': done.credits,
      'calls in doubt': done.inDoubtCalls,
      'people charged again': repeats,
      seconds: Math.round((performance.now() - began) / 1000),
    });
  });
});

interface Done {
  readonly matched: number;
  readonly unmatched: number;
  readonly skipped: number;
  readonly failed: number;
  readonly duplicates: number;
  readonly lookups: number;
  readonly credits: number;
  readonly calls: number;
  readonly inDoubtCalls: number;
}

/** Runs the list and kills its process at random moments: while it starts, reads, works, and writes. */
async function killAgainAndAgain(
  machine: Machine,
  chance: () => number,
): Promise<{ job: string; kills: number }> {
  let job: string | undefined;
  let kills = 0;
  // On a busy machine a process takes longer until it has taken the list in.
  let patience = 1;
  while (kills < KILLS || job === undefined) {
    const args = job === undefined ? ['enrich', 'leads.csv', '--yes', '--out', 'out.csv'] : ['resume', job];
    const { child, ran } = machine.start(args);
    // Spread over the whole list: longer runs while the kills are ahead of the leads, shorter ones after.
    const share = machine.sandbox.counts().lookups.people / LEADS;
    const most = share * KILLS > kills ? 700 : 2500;
    await Promise.race([delay(chance() * most * patience), ran]);
    if (child.exitCode === null) kills += 1;
    child.kill('SIGKILL');
    const { code, stderr } = await ran;
    // It came to its end first: killed, or well.
    if (code !== null && code !== 0) throw new Error(`It failed with ${code}: ${stderr}`);
    job ??= await theJob(machine);
    if (job === undefined) patience *= 1.5;
  }
  return { job, kills };
}

/** The one job that there is, once a process lived long enough to take the list in. */
async function theJob(machine: Machine): Promise<string | undefined> {
  const { jobs } = await machine.json<{ jobs: { id: string }[] }>(['jobs']);
  expect(jobs.length).toBeLessThanOrEqual(1);
  return jobs[0]?.id;
}

/** The list with every tenth row made a repetition of one before it, under its own number. */
function withRepeats(list: string): string {
  const lines = list.trimEnd().split('\n');
  const repeated = lines.map((line, index) => {
    if (index === 0 || index % REPEATED_EVERY !== 0) return line;
    const [number] = line.split(',');
    const earlier = lines[Math.max(1, index - (index % 7) - 1)] ?? line;
    return [number, ...earlier.split(',').slice(1)].join(',');
  });
  return `${repeated.join('\n')}\n`;
}

function rows(csv: string): Record<string, string>[] {
  return parse(csv, { columns: true, bom: true });
}
