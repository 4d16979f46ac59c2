import { defineConfig } from 'vitest/config'

/** The part of `npm run check` that runs: tests that start no other program, so that one can wait for them. */
export default defineConfig({
  test: {
    include: [
      'test/{preload,renderer}/**/*.test.ts',
      'test/main/{alerts,checks,core,electron,models,probes,runtimes}/**/*.test.ts',
      'test/main/hosts/{gauge,recording}/**/*.test.ts',
      'test/main/hosts/quote.test.ts',
      'test/*.test.ts',
    ],
    testTimeout: 30_000,
  },
})
