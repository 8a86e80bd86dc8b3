import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { KEYS, type Machine, people, type Ran, startMachine } from '../cli/command-line.ts';
import { random } from '../sandbox/chance.ts';
import { compareBooks } from './books.ts';
import { length, report, seeded } from './length.ts';

const CLI = fileURLToPath(new URL('../../bot/cli/main.ts', import.meta.url));
const LEADS = length(600, 4000);
const TIMES = length(2, 40);

/** Runs a command that may write no file over so many KiB: to it, the disk is full there. */
async function runWithin(machine: Machine, kib: number, args: readonly string[]): Promise<Ran> {
  const child = spawn(
    'bash',
    [
      '-c',
      'ulimit -f "$0"; exec "$@"',
      String(kib),
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      CLI,
      ...args,
    ],
    {
      cwd: machine.folder,
      env: {
        PATH: process.env.PATH,
        HOME: machine.folder,
        DATA_DIR: machine.dataDir,
        APOLLO_BASE_URL: machine.sandbox.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => {
    stdout += part;
  });
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  seeded('pauses the job wherever it is met, says so, and loses and pays twice for nobody', async (seed) => {
    const chance = random(seed);
    await using machine = await startMachine({ matchRate: 0.9, latencyMs: 5 });
    await machine.json(['connect'], { input: KEYS.contoso });
    await machine.file('leads.csv', people(LEADS));
    const before = await machine.json<{ job: string; finished: number }>(
      ['enrich', 'leads.csv', '--yes', '--limit', '5', '--out', 'out.csv'],
      { code: 1 },
    );
    let met = 0;
    for (let time = 0; time < TIMES; time += 1) {
      // The log beside the store reaches some size between nothing and what the whole job writes.
      const ran = await runWithin(machine, 40 + Math.floor(chance() * LEADS * 0.5), [
        'resume',
        before.job,
        '--limit',
        '100000',
      ]);
      if (ran.code === 0) continue;
      met += 1;
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(
        /could not be written|could not be opened|disk is full|Check the disk|Choose another/,
      );
      expect(ran.stderr).not.toMatch(/\n {4}at /);
    }
    expect(met).toBeGreaterThan(0);
    const done = await machine.json<{
      credits: number;
      calls: number;
      inDoubtCalls: number;
      matched: number;
      unmatched: number;
    }>(['resume', before.job, '--limit', '100000']);
    expect(done).toMatchObject({ state: 'done', rows: LEADS, finished: LEADS, failed: 0 });
    const rows: Record<string, string>[] = parse(await machine.read('out.csv'), { columns: true });
    expect(rows.map(({ Row }) => Row)).toEqual(Array.from({ length: LEADS }, (_, row) => String(row)));
    expect(rows.filter((row) => row.apollo_outcome === 'matched')).toHaveLength(done.matched);
    const { people: charged, repeats } = compareBooks(done, machine.sandbox);
    report('Disk full', {
      leads: LEADS,
      'times met': met,
      'people charged': charged,
      'calls in doubt': done.inDoubtCalls,
      'charged again': repeats,
    });
  });
});

describe('the encryption key', () => {
  const connected = async (): Promise<Machine> => {
    const machine = await startMachine();
    await machine.json(['connect'], { input: KEYS.contoso });
    return machine;
  };
  const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

  it('that is missing is named with what to do, keeps the slot as it is, and works when it is back', async () => {
    await using machine = await connected();
    const file = path.join(machine.dataDir, 'encryption.keys');
    const kept = path.join(machine.folder, 'encryption.keys');
    const store = await readFile(file, 'utf8');
    await rename(file, kept);
    await machine.file('leads.csv', people(5));
    for (const args of [
      ['slots', '--refresh'],
      ['enrich', 'leads.csv', '--yes'],
    ]) {
      const ran = await machine.run(args, { env: { LOG_LEVEL: 'info' } });
      expect(ran.stdout + ran.stderr).toMatch(
        /encryption key \\*"\w+\\*", which is missing.*ENCRYPTION_KEYS/s,
      );
      expect(ran.stdout + ran.stderr).not.toContain(KEYS.contoso);
    }
    expect(machine.sandbox.counts().credits).toBe(0);
    await rm(file, { force: true });
    await rename(kept, file);
    expect(await readFile(file, 'utf8')).toBe(store);
    expect(await machine.json(['enrich', 'leads.csv', '--yes'])).toMatchObject({ state: 'done', matched: 5 });
  });

  it('that is a wrong one under the right id is named with what to do, and nothing is overwritten', async () => {
    await using machine = await connected();
    const file = path.join(machine.dataDir, 'encryption.keys');
    const right = await readFile(file, 'utf8');
    await writeFile(file, `${newKey(right.split(':')[0] ?? '')}\n`, { mode: 0o600 });
    await machine.file('leads.csv', people(5));
    const ran = await machine.run(['enrich', 'leads.csv', '--yes']);
    expect(ran.stdout + ran.stderr).toMatch(/encryption key .* is another one than what is stored/s);
    const rotated = await machine.run(['rotate-keys']);
    expect(rotated.stdout + rotated.stderr).toMatch(/is another one/);
    await writeFile(file, right, { mode: 0o600 });
    expect(await machine.json(['enrich', 'leads.csv', '--yes'])).toMatchObject({ state: 'done', matched: 5 });
  });

  it('that cannot be one is refused with its place, and left as it is', async () => {
    await using machine = await connected();
    const file = path.join(machine.dataDir, 'encryption.keys');
    for (const text of ['', 'k1:short', 'k1:QUJD,k1:QUJD']) {
      await writeFile(file, text, { mode: 0o600 });
      const ran = await machine.run(['slots']);
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(/encryption\.keys cannot be used: .*Restore the file from a backup/);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });
});
