import type { Runtime } from './runtime.ts'

/** All runtimes, in display order. */
export const runtimes: readonly Runtime[] = []
