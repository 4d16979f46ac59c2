import { explain, textOf } from './answer.ts'
import type { Probe } from './probe.ts'

export interface FilevaultValue {
  state: 'on' | 'off' | 'encrypting' | 'decrypting' | 'deferred'
  /** 0 to 1; null where nothing is in progress, or its share is not told. */
  progressRatio: number | null
}

/**
 * Encryption of the startup disk. No root needed. A second line qualifies the first, and counts more than it:
 *
 *     FileVault is On.
 *     Encryption in progress: Percent completed = 42
 *
 *     FileVault is Off.
 *     Deferred enablement appears to be active for user 'ana'.
 */
export const filevault: Probe<'filevault', FilevaultValue> = {
  id: 'filevault',
  columns: [
    { field: 'state', about: 'Whether the startup disk is encrypted' },
    { field: 'progressRatio', about: 'How far encryption or decryption has come, from 0 to 1' },
  ],
  everyMs: 300_000,
  questions: { darwin: [[['fdesetup', 'status']]] },
  parse([answer]) {
    const text = textOf(answer)
    const isOn = /^FileVault is (On|Off)\b/m.exec(text)?.[1]
    if (isOn === undefined) return explain(answer, 'FileVault is')
    const percent = /Percent completed = (\d{1,3}(?:\.\d{1,6})?)/.exec(text)?.[1]
    const progressRatio = percent === undefined ? null : Math.min(1, Number(percent) / 100)
    if (/^Decryption in progress/m.test(text)) return { state: 'decrypting', progressRatio }
    if (/^Encryption in progress/m.test(text)) return { state: 'encrypting', progressRatio }
    if (isOn === 'On') return { state: 'on', progressRatio: null }
    const isDeferred = /deferred enablement|will be enabled (at|after)/i.test(text)
    return { state: isDeferred ? 'deferred' : 'off', progressRatio: null }
  },
}
