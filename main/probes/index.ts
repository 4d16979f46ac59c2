import type { Reading } from '../../preload/contract/readings.ts'
import { cpu } from './cpu.ts'
import { disk } from './disk.ts'
import { filevault } from './filevault.ts'
import { firewall } from './firewall.ts'
import { firewallStealth } from './firewall-stealth.ts'
import { gatekeeper } from './gatekeeper.ts'
import { gpu } from './gpu.ts'
import { gpuLimit } from './gpu-limit.ts'
import { hardware } from './hardware.ts'
import { memory } from './memory.ts'
import { memoryPressure } from './memory-pressure.ts'
import { os } from './os.ts'
import { power } from './power.ts'
import type { Probe } from './probe.ts'
import { processes } from './processes.ts'
import { remoteLogin } from './remote-login.ts'
import { sip } from './sip.ts'
import { swap } from './swap.ts'
import { tailnet } from './tailnet.ts'
import { thermal } from './thermal.ts'
import { timeMachine } from './time-machine.ts'
import { updates } from './updates.ts'

/** All probes, in display order. */
export const probes = [
  memory,
  memoryPressure,
  swap,
  gpu,
  gpuLimit,
  cpu,
  processes,
  disk,
  hardware,
  os,
  tailnet,
  filevault,
  timeMachine,
  updates,
  firewall,
  firewallStealth,
  sip,
  gatekeeper,
  remoteLogin,
  power,
  thermal,
] as const satisfies readonly Probe[]

type AnyProbe = (typeof probes)[number]
export type ProbeId = AnyProbe['id']
type ProbeOf<Id extends ProbeId> = Extract<AnyProbe, { id: Id }>
export type ProbeValue<Id extends ProbeId> =
  ProbeOf<Id> extends Probe<Id, infer Value> ? Value : never
export type ReadingOf<Id extends ProbeId> = Reading<ProbeValue<Id>>

export function isProbeId(id: string): id is ProbeId {
  return probes.some((probe) => probe.id === id)
}

export function probeById<Id extends ProbeId>(id: Id): Probe<Id, ProbeValue<Id>> {
  const probe = probes.find((one) => one.id === id)
  // The parameter's type leaves no other id; the types of the list say which value belongs to which.
  return probe as unknown as Probe<Id, ProbeValue<Id>>
}
