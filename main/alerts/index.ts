import type { AlertRule } from './alert.ts'
import { hostKey } from './host-key.ts'
import { hostOffline } from './host-offline.ts'
import { hostRelayed } from './host-relayed.ts'
import { tailnetKey } from './tailnet-key.ts'
import { tailnetSignedOut } from './tailnet-signed-out.ts'
import { tailnetStopped } from './tailnet-stopped.ts'
import { wrongTailnet } from './wrong-tailnet.ts'

/** All rules, in display order: what concerns everything first. */
export const alertRules: readonly AlertRule[] = [
  tailnetSignedOut,
  tailnetStopped,
  tailnetKey,
  wrongTailnet,
  hostKey,
  hostOffline,
  hostRelayed,
]
