/** A page is left alone for longer than an age that was right before can be taken for right. */
export const hiddenMs = 3_500

/** When the page showed something, in milliseconds since 1970. */
export interface Shown {
  /** The memory bar, and under it how old the numbers are: the true age, not the one of when it was last looked at. */
  lastAt: number
  /** The same with an answer that came after the start. */
  freshAt: number
}

/**
 * Runs in the page, and needs nothing from outside of itself. Looks in every frame; what is there is on the screen with the next one.
 *
 * @param startAt milliseconds since 1970; null: when the navigation to this page began
 */
export function watchShown(startAt: number | null): Promise<Shown> {
  const from = startAt ?? performance.timeOrigin
  let lastAt: number | null = null
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('nothing was shown')), 10_000)
    const look = () => {
      const answerAt = answerOnShow()
      requestAnimationFrame(() => {
        if (answerAt !== null) lastAt ??= Date.now()
        if (lastAt === null || answerAt === null || answerAt <= from) return look()
        clearTimeout(late)
        resolve({ lastAt, freshAt: Date.now() })
      })
    }
    look()
  })

  function answerOnShow(): number | null {
    const bar = document.querySelector('[role=img][aria-label^="Memory, "]')
    const age = document.querySelector<HTMLTimeElement>('main time')
    if (document.visibilityState !== 'visible' || bar === null || age === null) return null
    const answerAt = Date.parse(age.dateTime)
    const said = /(\d+) s ago/.exec(age.textContent)?.[1]
    // told anew every second
    const isTrue = Math.abs(Date.now() - answerAt - Number(said) * 1000) < 2_000
    return isTrue ? answerAt : null
  }
}
