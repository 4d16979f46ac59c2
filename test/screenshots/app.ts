import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startApp } from '../e2e/support/app.ts'
import type { PictureTaker } from './take.ts'

/** Long enough for the histories of two minutes to be drawn from edge to edge. */
const warmUpMs = 121_000

const sshConfig = `Host mac-studio
  User ana

Host studio-berlin
  HostName studio-berlin.example.net
`

/** A desk behind the page, as the gallery has it; in the app the page around the popover is one quiet colour. */
const desk = {
  light: 'linear-gradient(165deg, #cfe0f7, #dfe4f2 45%, #f3e6ee)',
  dark: 'linear-gradient(165deg, #22324f, #16203a 45%, #0d0e18)',
}

/** Pictures of the built app, served to a browser, with the demo Studio live. */
export async function takeApp(browser: Browser, take: PictureTaker): Promise<void> {
  const languages = [
    ['en', 'C.UTF-8'],
    ['zh-CN', 'zh_CN.UTF-8'],
  ] as const
  await Promise.all(
    languages.map(async ([language, locale]) => {
      if (!take.isWantedInAnyTheme('popover-demo', language)) return
      const homeDir = mkdtempSync(join(tmpdir(), 'studiolo-pictures-'))
      mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
      writeFileSync(join(homeDir, '.ssh/config'), sshConfig)
      const app = await startApp({ homeDir, env: { LANG: locale } })
      try {
        const context = await browser.newContext({
          deviceScaleFactor: 2,
          viewport: { width: 460, height: 900 },
          reducedMotion: 'reduce',
          bypassCSP: true,
        })
        const page = await context.newPage()
        await page.goto(app.link)
        await page.locator('[aria-labelledby=first-run-heading] li > button').last().click()
        await page.mouse.move(0, 0)
        await takePopover(page, language, take)
        await context.close()
      } finally {
        await app.close()
        rmSync(homeDir, { recursive: true, force: true })
      }
    }),
  )
}

async function takePopover(page: Page, language: string, take: PictureTaker) {
  await page.waitForTimeout(warmUpMs)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    const style = await page.addStyleTag({
      content: `#root > div { background: ${desk[theme]} !important; min-height: 0; padding-bottom: 56px }`,
    })
    await take.picture(page.locator('#root > div').last(), `popover-demo-${theme}-${language}`)
    await style.evaluate((node: Element) => node.remove())
  }
}
