import { explain, textOf } from './answer.ts'
import type { Probe } from './probe.ts'

export interface SipValue {
  state: 'on' | 'off' | 'custom'
}

/**
 * System Integrity Protection. Only the first line counts: the parts of a custom configuration are mostly "enabled".
 *
 *     System Integrity Protection status: enabled.
 *     System Integrity Protection status: unknown (Custom Configuration).
 */
export const sip: Probe<'sip', SipValue> = {
  id: 'sip',
  columns: [{ field: 'state', about: 'Whether System Integrity Protection is on' }],
  everyMs: 3_600_000,
  questions: { darwin: [[['csrutil', 'status']]] },
  parse([answer]) {
    const status = /^System Integrity Protection status: (.{1,100})/m.exec(textOf(answer))?.[1]
    if (status !== undefined) {
      if (/custom configuration/i.test(status)) return { state: 'custom' }
      if (status.startsWith('enabled')) return { state: 'on' }
      if (status.startsWith('disabled')) return { state: 'off' }
    }
    return explain(answer, 'System Integrity Protection status: enabled or disabled')
  },
}
