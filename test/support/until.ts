/**
 * Waits until the condition holds, looking again and again; fails after the deadline, with what was last seen.
 *
 *     await until(() => server.connections === 0)
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 10 }: { withinMs?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const seen = await condition()
    if (seen) return seen
    if (performance.now() > deadline) {
      throw new Error(`Not within ${withinMs} ms: ${condition}; last seen: ${seen}`)
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
