import { defineConfig } from 'vitest/config'

/** `npm run test:electron`: the app in a real Electron, from the sources and packed. See support/setup.ts for what it needs. */
export default defineConfig({
  test: {
    include: ['test/electron/**/*.test.ts'],
    globalSetup: ['test/electron/support/setup.ts'],
    // each app has a display, and a processor, to itself
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
