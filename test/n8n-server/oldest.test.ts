import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { run } from './command.ts';
import { installOldestEngine, OLDEST } from './install.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What a workflow with keys needs: items, files, limits, retries, cancelling and an AI agent's calls. */
const TESTS = ['test/n8n/enrich.test.ts', 'test/n8n/keys.test.ts'];

interface Result {
  readonly status: string;
  readonly fullName: string;
}

it(`works in the engine of n8n ${OLDEST.n8n}, the oldest that is supported`, {
  timeout: 600_000,
}, async () => {
  const engine = await installOldestEngine();
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const folder = await mkdtemp(path.join(tmpdir(), 'oldest-n8n-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'results.json');
  // Exits with 1 where a test fails: the file says which.
  await run(process.execPath, [vitest, 'run', ...TESTS, '--reporter=json', `--outputFile=${file}`], {
    cwd: ROOT,
    env: { ...process.env, N8N_ENGINE: engine },
  }).catch(() => {});
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(await readFile(file, 'utf8'));
  const failed = testResults.flatMap(({ assertionResults }: { assertionResults: Result[] }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
  expect(failed).toEqual([]);
  expect(numFailedTests).toBe(0);
  expect(numPassedTests).toBeGreaterThan(40);
});
