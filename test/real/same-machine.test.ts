import si from 'systeminformation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../main/core/clock.ts'
import type { Host } from '../../main/hosts/host.ts'
import { createLocalHost } from '../../main/hosts/local.ts'
import { type ProbeId, probes, type ReadingOf } from '../../main/probes/index.ts'
import type { Probe } from '../../main/probes/probe.ts'
import { readProbe } from '../../main/probes/read.ts'
import { silentLog } from '../support/silent-log.ts'
import { sshHostOf } from './support/ssh.ts'
import { type Studio, startStudio } from './support/studio.ts'

/**
 * The Studio's namespace has a network of its own, but the memory, the processors and the disks of this machine. So what
 * SSH says of it must agree with what systeminformation and this machine's own Host say of this one.
 */
describe('what SSH says of this machine', () => {
  let studio: Studio
  let far: Host
  const near = createLocalHost({ id: 'this-machine', clock: systemClock, log: silentLog })
  beforeAll(async () => {
    studio = await startStudio()
    far = sshHostOf(studio)
  })
  afterAll(async () => {
    await far?.close()
    await near.close()
    await studio?.close()
  })

  async function read<Id extends ProbeId>(host: Host, id: Id) {
    const probe = (probes as readonly Probe[]).find((one) => one.id === id)
    if (probe === undefined) throw new Error(`no probe ${id}`)
    const reading = (await readProbe(host, probe, {})) as ReadingOf<Id>
    if (reading.kind !== 'value') throw new Error(`${id}: ${reading.reason}: ${reading.detail}`)
    return reading.value
  }
  /** Between two questions the machine goes on: a difference of this share of the whole is no disagreement. */
  const expectClose = (one: number, other: number, whole: number) =>
    expect(Math.abs(one - other) / whole).toBeLessThan(0.04)

  it('agrees on memory with systeminformation', async () => {
    const [memory, said] = [await read(far, 'memory'), await si.mem()]
    expect(memory.totalBytes).toBe(said.total)
    expectClose(memory.usedBytes, said.total - said.available, said.total)
    expectClose(memory.freeBytes ?? Number.NaN, said.free, said.total)
  })

  it('agrees on swap with systeminformation', async () => {
    const [swap, said] = [await read(far, 'swap'), await si.mem()]
    expect(swap.totalBytes).toBe(said.swaptotal)
    expect(Math.abs(swap.usedBytes - said.swapused)).toBeLessThanOrEqual(said.swaptotal * 0.04)
  })

  it('agrees on the root volume with systeminformation', async () => {
    const [disk, said] = [await read(far, 'disk'), await si.fsSize()]
    const [volume, root] = [disk.volumes, said].map((list) =>
      (list as { mountPath?: string; mount?: string }[]).find(
        (one) => (one.mountPath ?? one.mount) === '/',
      ),
    ) as [{ totalBytes: number; freeBytes: number }, si.Systeminformation.FsSizeData]
    expect(volume.totalBytes).toBe(root.size)
    expectClose(volume.freeBytes, root.available, root.size)
  })

  it('agrees on processors and memory of the hardware with systeminformation', async () => {
    const [hardware, cpu, mem] = [await read(far, 'hardware'), await si.cpu(), await si.mem()]
    expect(hardware.coreCount).toBe(cpu.cores)
    expect(hardware.memoryBytes).toBe(mem.total)
  })

  it('agrees on the name of the system with systeminformation', async () => {
    const [os, said] = [await read(far, 'os'), await si.osInfo()]
    expect(os.name.toLowerCase()).toContain(said.distro.split(' ')[0]?.toLowerCase())
    expect(os.version).toContain(said.release)
  })

  it('has the form that this machine’s own Host gives, probe by probe', async () => {
    for (const probe of probes as readonly Probe[]) {
      const [ours, theirs] = await Promise.all([
        readProbe(near, probe, {}),
        readProbe(far, probe, {}),
      ])
      expect([probe.id, formOf(theirs)]).toEqual([probe.id, formOf(ours)])
    }
  })
})

/** Kind of the reading, reason where there is none, and the names of its fields. */
function formOf(reading: { kind: string; reason?: string; value?: unknown }): unknown {
  return reading.kind === 'value'
    ? Object.keys(reading.value as object).sort()
    : { kind: reading.kind, reason: reading.reason }
}
