import { platform } from 'node:os'
import { type Browser, chromium } from 'playwright-core'

/** Chrome on a Mac; elsewhere the Chromium that comes inside an npm package. */
export async function launchBrowser(): Promise<Browser> {
  try {
    if (platform() === 'darwin') return await chromium.launch({ channel: 'chrome' })
    const { default: packaged } = await import('@sparticuz/chromium')
    return await chromium.launch({
      executablePath: await packaged.executablePath(),
      args: ['--no-sandbox', '--font-render-hinting=none', '--disable-gpu'],
    })
  } catch (error) {
    const advice = missingPartAdvice(String(error))
    if (advice === null) throw error
    const plain = new Error(advice)
    // The way through Playwright helps nobody who only has to install something.
    plain.stack = advice
    throw plain
  }
}

/**
 * What to install, in one line, where a browser did not start for want of a part of the system; null for other failures.
 *
 * @example missingPartAdvice('…/chromium: error while loading shared libraries: libnss3.so: cannot open …')
 */
export function missingPartAdvice(failure: string): string | null {
  const library = /error while loading shared libraries: ([^\s:]+)/.exec(failure)?.[1]
  if (library !== undefined) {
    return `The tests' Chromium needs ${library}. Install it: sudo apt-get install libnss3 libnspr4`
  }
  if (/distribution 'chrome' is not found/.test(failure)) {
    return 'The tests need Google Chrome in /Applications. Install it: brew install --cask google-chrome'
  }
  return null
}
