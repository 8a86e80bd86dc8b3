import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/n8n/build.ts'],
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts', 'bot/**/*.ts'],
      reporter: ['text-summary'],
      reportOnFailure: true,
    },
  },
});
