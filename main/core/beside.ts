type Ask = (signal: AbortSignal) => Promise<void>

/**
 * Starts what no tick answers, each when it is due: after a tick, so that the process wakes up once for all of it. What is still under way
 * is not started again. A failure after the abort is none.
 */
export function createBeside(onError: (error: unknown) => void) {
  const underWay = new Set<Ask>()
  return (ask: Ask, signal: AbortSignal): void => {
    if (underWay.has(ask)) return
    underWay.add(ask)
    ask(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) onError(error)
      })
      .finally(() => underWay.delete(ask))
  }
}
