/** Wakes one reader. Rings before it listens are not lost, and several count as one. */
export interface Bell {
  ring(): void
  /** Resolves at once where it has rung since it was last heard, else with the next ring. */
  heard(): Promise<void>
}

/** For one reader at a time. */
export function createBell(): Bell {
  let hasRung = false
  let wake = () => {}
  return {
    ring() {
      hasRung = true
      wake()
    },
    async heard() {
      if (!hasRung) await new Promise<void>((resolve) => (wake = resolve))
      hasRung = false
    },
  }
}
