import type { Remedy } from '../../preload/contract/base.ts'
import type { TailnetNode } from '../../preload/contract/tailnet.ts'

const noticeMs = 14 * 24 * 3_600_000

/** Whether a node's key has expired, does so within 14 days, or neither. */
export function keyOutcome(
  { keyExpiresAt, isKeyExpired }: Pick<TailnetNode, 'keyExpiresAt' | 'isKeyExpired'>,
  now: number,
): 'soon' | 'expired' | null {
  if (isKeyExpired) return 'expired'
  if (keyExpiresAt === null) return null
  const leftMs = Date.parse(keyExpiresAt) - now
  if (leftMs <= 0) return 'expired'
  return leftMs < noticeMs ? 'soon' : null
}

export function renewKey(where: Remedy['where']): Remedy {
  return {
    ...{ kind: 'read', where, text: { key: `alert.remedy.renew-key-${where}` } },
    target: 'https://tailscale.com/kb/1028/key-expiry',
  }
}
