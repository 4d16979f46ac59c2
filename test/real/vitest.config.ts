import { defineConfig } from 'vitest/config'

/** `npm run test:real`: Debian as root, with what install.sh installs. One file at a time: each has the machine for itself. */
export default defineConfig({
  test: {
    include: ['test/real/**/*.test.ts'],
    globalSetup: ['test/real/setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
