import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { PopoverPage } from './pages/popover-page.ts'
import { type App, startApp } from './support/app.ts'

const kB = 1_000

/** What the popover costs before it shows its first numbers. */
describe('the popover ships', () => {
  let app: App
  let browser: Browser
  const scripts = new Map<string, string>()

  beforeAll(async () => {
    ;[app, browser] = await Promise.all([startApp(), launchBrowser()])
    const page = await browser.newPage()
    const bodies: Promise<unknown>[] = []
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return
      bodies.push(
        response.text().then((text) => scripts.set(new URL(response.url()).pathname, text)),
      )
    })
    await page.goto(app.link)
    await new PopoverPage(page).bar.waitFor()
    await Promise.all(bodies)
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  it('at most 170 kB of JavaScript, gzipped', () => {
    const total = [...scripts.values()].reduce((sum, text) => sum + gzipSync(text).length, 0)
    expect(scripts.size).toBeGreaterThan(0)
    expect(total).toBeLessThan(170 * kB)
  })

  it('no schema library, no menu, no window and one language only', () => {
    const names = [...scripts.keys()].join(' ')
    expect([...scripts.values()].filter((text) => /ZodError|\$ZodType/.test(text))).toEqual([])
    expect(names).not.toMatch(/\/(window|loaded-menu)-/)
    expect(names.match(/\/(en|zh-CN)-/g)).toHaveLength(1)
  })
})

it('the browser host loads nothing of the HTTP client that Node brings along', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-loaded-'))
  const list = join(dir, 'modules.json')
  const atExit = `import { writeFileSync } from 'node:fs'
    process.on('exit', () => writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(atExit)}` }
  const [app, browser] = await Promise.all([startApp({ env }), launchBrowser()])
  try {
    const page = await browser.newPage()
    await page.goto(app.link)
    await new PopoverPage(page).bar.waitFor()
    // said once every model server's port was asked; the machine may have one of its own
    const said = /No model server is running here|No models yet|of \d+ loaded/
    await page.getByText(said).first().waitFor()
    await app.close()
    const modules: string[] = JSON.parse(readFileSync(list, 'utf8'))
    expect(modules).toContain('NativeModule http')
    expect(modules.filter((name) => name.includes('undici'))).toEqual([])
  } finally {
    await browser.close()
    await app.close()
    rmSync(dir, { recursive: true })
  }
})

it('`npm start` becomes the browser host, and keeps nothing of what it took to start', async () => {
  const app = await startApp({ script: 'build/start.ts', args: ['--browser'] })
  try {
    expect((await fetch(new URL('/', app.link))).status).toBe(200)
    const program =
      process.platform === 'linux'
        ? readFileSync(`/proc/${app.pid()}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'args=', '-p', String(app.pid())], { encoding: 'utf8' })
    expect(program).toContain('out/main/serve.js --no-open')
    expect(program).toContain('--max-semi-space-size=1')
    expect(program).not.toContain('start.ts')
  } finally {
    await app.close()
  }
})
