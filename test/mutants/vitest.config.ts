import { defineConfig } from 'vitest/config';
import { PATIENT } from '../../vitest.config.ts';

/** Tests of what is changed. `TESTS`: those of these folders alone, such as `limits,jobs`. */
const TESTS = process.env.TESTS?.split(',').map((folder) => `test/${folder}/**/*.test.ts`) ?? [
  'test/{api,enrichment,jobs,limits,platform,redis,slots}/**/*.test.ts',
  'test/slack/who.test.ts',
];

export default defineConfig({
  test: { include: TESTS, testTimeout: 120_000, hookTimeout: 120_000, expect: PATIENT },
});
