import type { Check } from './check.ts'

/** All checks, in display order. */
export const checks: readonly Check[] = []
