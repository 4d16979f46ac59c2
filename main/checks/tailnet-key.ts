import { machinesPage } from '../tailnet/pages.ts'
import type { Check } from './check.ts'
import { judgement, readPage, withoutReading } from './judgement.ts'

const hourMs = 3_600_000
const noticeMs = 14 * 24 * hourMs

/** With an expired key the machine leaves the tailnet, and only somebody who sits at it can bring it back. */
export const tailnetKey: Check<'tailnet'> = {
  id: 'tailnet-key',
  area: 'reachability',
  needs: ['tailnet'],
  judge({ tailnet: reading }, context) {
    if (reading.kind === 'unknown') {
      return reading.reason === 'not-installed'
        ? judgement('tailnet-key', 'off', 'absent')
        : withoutReading('tailnet-key', reading, context)
    }
    const { self } = reading.value
    if (self === null) return judgement('tailnet-key', 'unknown', 'signed-out')
    const { keyExpiresAt, isKeyExpired } = self
    const remedy = readPage('tailnet-key', machinesPage)
    if (isKeyExpired) return judgement('tailnet-key', 'fail', 'expired', { remedy })
    if (keyExpiresAt === null) return judgement('tailnet-key', 'pass', 'for-ever')
    const leftMs = Date.parse(keyExpiresAt) - context.now
    if (leftMs <= 0) return judgement('tailnet-key', 'fail', 'expired', { remedy })
    // In whole hours, so that the words do not change with every judgement.
    const params = { leftMs: Math.ceil(leftMs / hourMs) * hourMs }
    return leftMs < noticeMs
      ? judgement('tailnet-key', 'attention', 'soon', { params, remedy })
      : judgement('tailnet-key', 'pass', 'valid', { params })
  },
}
