import { defineConfig } from 'vitest/config'

/** `npm test`: everything that runs anywhere, without root. The real-server and Electron suites have configs of their own. */
export default defineConfig({
  test: {
    include: [
      'test/{build,main,preload,renderer,contract,e2e,support}/**/*.test.{ts,tsx}',
      'test/*.test.ts',
    ],
    globalSetup: ['test/support/say-what-is-missing.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
