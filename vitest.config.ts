import { availableParallelism } from 'node:os';
import path from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

// Each test file has a process of its own, and half of what that takes is compiling modules. Code from the cache is
// counted less exactly, so it is left out where coverage is measured (Node's "Module compile cache").
if (!process.argv.includes('--coverage')) {
  process.env.NODE_COMPILE_CACHE ??= path.join(import.meta.dirname, 'node_modules/.cache/compiled-tests');
}

/** For tests that wait for something: a busy machine may take its time. */
export const PATIENT = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Needs a whole n8n: `npm run test:n8n`.
    exclude: [...configDefaults.exclude, 'test/n8n-server/**'],
    globalSetup: ['test/n8n/build.ts'],
    // As the product is run (scripts/setup.mjs says why).
    execArgv: ['--no-memory-protection-keys'],
    // Only what hangs comes that far: tests wait for conditions, and a busy machine is ten times as slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Tests wait for most of their time, so two files run side by side also where there are two processors.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    expect: PATIENT,
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts', 'bot/**/*.ts'],
      reporter: ['text-summary'],
      reportOnFailure: true,
    },
  },
});
