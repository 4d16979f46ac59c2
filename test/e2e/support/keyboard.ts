import type { Page } from 'playwright-core'

const mostSteps = 40

/** Presses Tab until what has this name has the focus: as far as somebody without a mouse would. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let pressed = 0; pressed < mostSteps; pressed += 1) {
    await page.keyboard.press('Tab')
    if ((await focusedName(page)) === name) return
  }
  throw new Error(`Tab does not reach "${name}"`)
}

/** The name of what has the focus, as a screen reader says it. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement)) return ''
    const label = 'labels' in focused ? (focused as HTMLInputElement).labels?.[0] : undefined
    const labelledBy = document.getElementById(focused.getAttribute('aria-labelledby') ?? '')
    const spoken = focused.getAttribute('aria-label') ?? (labelledBy ?? label)?.textContent
    return (spoken ?? focused.textContent ?? '').trim()
  })
}
