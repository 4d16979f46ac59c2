import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/**
 * Three programs share one core: `index` (Electron), `serve` (browser host) and `cli` (command line).
 * Everything is bundled, so that the packed app is `out/**` and `resources/**` and no node_modules.
 */
export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'main/index.ts', serve: 'main/serve.ts', cli: 'main/cli.ts' },
        external: ['cpu-features', /sshcrypto\.node$/],
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
    plugins: [react(), tailwindcss()],
    build: { minify: true, rollupOptions: { input: { index: 'renderer/index.html' } } },
  },
})
