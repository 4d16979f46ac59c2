import { platform } from 'node:os'
import { type Browser, chromium } from 'playwright-core'

/** Chrome on a Mac; elsewhere the Chromium that comes inside an npm package. */
export async function launchBrowser(): Promise<Browser> {
  if (platform() === 'darwin') return chromium.launch({ channel: 'chrome' })
  const { default: packaged } = await import('@sparticuz/chromium')
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-gpu'],
  })
}
