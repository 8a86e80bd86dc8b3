import { defineConfig } from 'vitest/config';
import { PATIENT } from '../../vitest.config.ts';

/** `npm run test:faults`: the tests of this folder at full length, one file after the other. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/faults/**/*.test.ts'],
    env: { FAULTS: 'full' },
    fileParallelism: false,
    testTimeout: 3_600_000,
    expect: PATIENT,
    disableConsoleIntercept: true,
  },
});
