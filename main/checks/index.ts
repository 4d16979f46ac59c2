import { autoRestart } from './auto-restart.ts'
import type { Check } from './check.ts'
import { diskSpace } from './disk-space.ts'
import { filevault } from './filevault.ts'
import { firewall } from './firewall.ts'
import { firewallStealth } from './firewall-stealth.ts'
import { gatekeeper } from './gatekeeper.ts'
import { memoryPressure } from './memory-pressure.ts'
import { remoteLogin } from './remote-login.ts'
import { sip } from './sip.ts'
import { sleep } from './sleep.ts'
import { swap } from './swap.ts'
import { tailnet } from './tailnet.ts'
import { tailnetDaemon } from './tailnet-daemon.ts'
import { tailnetKey } from './tailnet-key.ts'
import { thermal } from './thermal.ts'
import { timeMachine } from './time-machine.ts'
import { updates } from './updates.ts'

/** All checks, in display order. */
export const checks: readonly Check[] = [
  filevault,
  timeMachine,
  updates,
  firewall,
  firewallStealth,
  sip,
  gatekeeper,
  remoteLogin,
  tailnet,
  tailnetKey,
  tailnetDaemon,
  diskSpace,
  memoryPressure,
  swap,
  sleep,
  autoRestart,
  thermal,
]
