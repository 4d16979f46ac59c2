import { expect, it } from 'vitest'
import { missingPartAdvice } from './browser.ts'

it('says in one line what a browser lacks on Linux', () => {
  const advice = missingPartAdvice(
    'browserType.launch: Target page, context or browser has been closed\nBrowser logs:\n[pid=9][err] ' +
      '/tmp/chromium: error while loading shared libraries: libnss3.so: cannot open shared object file: No such file or directory',
  )
  expect(advice).toBe(
    "The tests' Chromium needs libnss3.so. Install it: sudo apt-get install libnss3 libnspr4",
  )
})

it('says in one line that a Mac has no Chrome', () => {
  expect(
    missingPartAdvice(
      "browserType.launch: Chromium distribution 'chrome' is not found at /Applications/Google Chrome.app",
    ),
  ).toMatch(/^The tests need Google Chrome/)
})

it('leaves other failures as they are', () => {
  expect(missingPartAdvice('Timeout 30000ms exceeded.')).toBeNull()
})
