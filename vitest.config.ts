import { configDefaults, defineConfig } from 'vitest/config';

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
    testTimeout: 60_000,
    expect: PATIENT,
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts', 'bot/**/*.ts'],
      reporter: ['text-summary'],
      reportOnFailure: true,
    },
  },
});
