import { defineConfig } from 'vitest/config';
import { PATIENT } from '../../vitest.config.ts';

/** `npm run test:n8n`: our package in a real n8n, one file after the other. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/n8n-server/**/*.test.ts'],
    globalSetup: ['test/n8n/build.ts', 'test/n8n-server/install.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    expect: PATIENT,
    hookTimeout: 300_000,
    disableConsoleIntercept: true,
  },
});
