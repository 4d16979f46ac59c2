import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { asciiOnly } from './build/ascii-only.ts'
import { ssh2Keys } from './build/ssh2-keys.ts'
import { partWords } from './build/words.ts'

const keyObjects = resolve(import.meta.dirname, 'build/key-objects.ts')
const systemFacts = resolve(import.meta.dirname, 'build/systeminformation.ts')
const noSchema = resolve(import.meta.dirname, 'build/no-schema.ts')

/**
 * Three programs share one core: `index` (Electron), `serve` (browser host) and `cli` (command line).
 * Everything is bundled, so that the packed app is `out/**` and `resources/**` and no node_modules. The text of
 * what runs stays in memory for as long as the app does, so it is kept short.
 */
export default defineConfig({
  main: {
    plugins: [asciiOnly(), ssh2Keys(keyObjects)],
    resolve: {
      alias: [
        { find: 'ajv/dist/2020.js', replacement: noSchema },
        { find: 'ajv-formats', replacement: noSchema },
        { find: /^systeminformation$/, replacement: systemFacts },
      ],
    },
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'main/index.ts', serve: 'main/serve.ts', cli: 'main/cli.ts' },
        external: ['cpu-features', /sshcrypto\.node$/],
        output: { minify: true },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), tailwindcss(), partWords()],
    build: { minify: true, rollupOptions: { input: { index: 'renderer/index.html' } } },
  },
})
