import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { Page } from 'playwright-core'
import { build, preview } from 'vite'
import type { FleetName } from '../support/fleet-fixtures.ts'

/** Builds and serves the gallery of states; see `test/renderer/gallery/main.tsx`. */
export async function serveGallery(): Promise<{ url: string; close(): Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'studiolo-gallery-'))
  const common = {
    configFile: false,
    root: resolve(import.meta.dirname, '../renderer/gallery'),
    logLevel: 'warn',
  } as const
  const target = { target: 'esnext', emptyOutDir: true, chunkSizeWarningLimit: 2000 }
  await build({ ...common, plugins: [react(), tailwindcss()], build: { ...target, outDir } })
  const server = await preview({
    ...common,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the gallery has no address')
  return {
    url,
    async close() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

/** Puts a state on show, and waits until all of it is drawn. */
export async function showState(page: Page, state: FleetName, language = 'en'): Promise<void> {
  const hash = `#state=${state}&lang=${language}`
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
  await page.locator(`[data-shown="${hash}"] main > *`).first().waitFor()
  if (state === 'first-run') {
    await page.locator('[aria-labelledby=first-run-heading] li').nth(3).waitFor()
  }
  if (state.startsWith('asking')) await page.locator('[aria-labelledby^=question]').waitFor()
}
