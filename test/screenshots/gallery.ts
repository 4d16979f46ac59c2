import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { Page } from 'playwright-core'
import { build, preview } from 'vite'
import { partWords } from '../../build/words.ts'
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
  const plugins = [react(), tailwindcss(), partWords()]
  await build({ ...common, plugins, build: { ...target, outDir } })
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

/** Puts the doctor on show, with one of its stories. */
export async function showDoctor(
  page: Page,
  story: string,
  language = 'en',
  state: FleetName = 'unreachable',
): Promise<void> {
  const hash = `#state=${state}&lang=${language}&doctor=${story}`
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
  const shown = page.locator(`[data-shown="${hash}"]`)
  if (state === 'unreachable') {
    await shown.getByRole('button', { name: /^(Why can’t I connect\?|为什么连不上？)$/ }).click()
  } else {
    await shown.locator('section button[aria-haspopup=menu]').click()
    await page.getByRole('menuitem', { name: /^(Check the connection|检查连接)…$/ }).click()
  }
  await page.mouse.move(0, 0)
  await page
    .locator('[aria-labelledby=doctor-heading] ol, [aria-labelledby=doctor-heading] ul')
    .first()
    .waitFor()
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
  if (state === 'tunnels') await page.locator('#tunnels-heading').waitFor()
  if (state.startsWith('asking')) await page.locator('[aria-labelledby^=question]').waitFor()
}
