import path from 'node:path';
import { expect, it } from 'vitest';
import { run } from './command.ts';
import { installOldestEngine, OLDEST } from './install.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What a workflow with keys needs: items, files, limits, retries, cancelling and an AI agent's calls. */
const TESTS = ['test/n8n/enrich.test.ts', 'test/n8n/keys.test.ts'];

it(`works in the engine of n8n ${OLDEST.n8n}, the oldest that is supported`, {
  timeout: 600_000,
}, async () => {
  const engine = await installOldestEngine();
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const said = await run(process.execPath, [vitest, 'run', ...TESTS, '--reporter=json'], {
    cwd: ROOT,
    env: { ...process.env, N8N_ENGINE: engine },
  });
  const { numPassedTests, numFailedTests } = JSON.parse(said.slice(said.indexOf('{"numTotal')));
  expect(numFailedTests).toBe(0);
  expect(numPassedTests).toBeGreaterThan(40);
});
