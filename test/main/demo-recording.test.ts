import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judgeAll } from '../../main/checks/run.ts'
import { createDemoHost } from '../../main/hosts/demo.ts'
import { createRecordedHost } from '../../main/hosts/recorded.ts'
import { loadDemoRecording } from '../../main/hosts/recording/recording.ts'
import { type ProbeId, type ProbeValue, probeById, probes } from '../../main/probes/index.ts'
import type { Probe } from '../../main/probes/probe.ts'
import { createTickReader, readProbe, tickList } from '../../main/probes/read.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { makeDemoRecording } from '../support/make-demo-recording.ts'

const resourcesDir = join(import.meta.dirname, '../../resources')
const recording = loadDemoRecording(resourcesDir)
const all: readonly Probe[] = probes
const now = Date.parse(recording.host.recordedAt)

async function readAll() {
  const host = createRecordedHost({ id: 'demo', recording })
  const readings: Record<string, Reading> = {}
  for (const probe of all) readings[probe.id] = await readProbe(host, probe)
  await host.close()
  const value = <Id extends ProbeId>(id: Id) => {
    const reading = readings[id] as Reading<ProbeValue<Id>>
    if (reading.kind === 'unknown') throw new Error(`${id}: ${reading.detail}`)
    return reading.value
  }
  return { readings, value }
}

function bodyOf(path: string) {
  return JSON.parse(recording.http.find((one) => one.path === path)?.body ?? '')
}

describe('the demo recording', () => {
  test('is what its maker makes', () => {
    const text = readFileSync(join(resourcesDir, 'demo/mac-studio.json'), 'utf8')
    expect(text === makeDemoRecording(), 'run: node test/support/make-demo-recording.ts').toBe(true)
  })

  test('answers every probe with a value', async () => {
    const { readings } = await readAll()
    expect(Object.keys(readings)).toHaveLength(probes.length)
    for (const [id, reading] of Object.entries(readings)) expect(reading.kind, id).toBe('value')
  })

  test('is a Mac Studio of 512 GiB whose figures agree with each other', async () => {
    const { value } = await readAll()
    const memory = value('memory')
    expect(memory.totalBytes).toBe(512 * 2 ** 30)
    expect(value('hardware')).toMatchObject({
      memoryBytes: memory.totalBytes,
      modelName: 'Mac Studio',
    })
    const models: { size: number; name: string }[] = bodyOf('/api/ps').models
    const modelBytes = models.reduce((sum, { size }) => sum + size, 0)
    const appsBytes = memory.usedBytes - modelBytes - (memory.compressedBytes ?? 0)
    expect(appsBytes / 1e9).toBeGreaterThan(30)
    expect(appsBytes / 1e9).toBeLessThan(45)
    const held = memory.usedBytes + (memory.cachedBytes ?? 0) + memory.freeBytes
    expect(held).toBeLessThan(memory.totalBytes)
    expect(held).toBeGreaterThan(memory.totalBytes * 0.98)
    const servers = value('processes').items.filter(({ name }) => name === 'llama-server')
    const footprint = servers.reduce((sum, { footprintBytes }) => sum + footprintBytes, 0)
    expect(Math.abs(footprint - modelBytes) / modelBytes).toBeLessThan(0.02)
    expect(value('gpu').inUseBytes).toBeGreaterThan(modelBytes)
    expect(value('gpu-limit').limitBytes).toBeLessThan(memory.totalBytes)
    expect(value('disk').volumes[0]?.totalBytes).toBeGreaterThan(3.9e12)
  })

  test('has every loaded model among the models on disk, larger in memory than there', () => {
    const tags: { name: string; size: number; digest: string }[] = bodyOf('/api/tags').models
    expect(tags.length).toBeGreaterThanOrEqual(8)
    for (const loaded of bodyOf('/api/ps').models) {
      const known = tags.find(({ name }) => name === loaded.name)
      expect(known?.digest).toBe(loaded.digest)
      expect(loaded.size).toBeGreaterThan(known?.size ?? Number.POSITIVE_INFINITY)
      expect(loaded.size_vram).toBe(loaded.size)
    }
  })

  test('is encrypted, backed up two hours ago, and one update waits', async () => {
    const { readings } = await readAll()
    const results = judgeAll(readings, { platform: 'darwin', now })
    expect(results).toHaveLength(17)
    const states = Object.fromEntries(results.map(({ id, state }) => [id, state]))
    expect(states.updates).toBe('attention')
    expect(Object.values(states).filter((state) => state !== 'pass')).toEqual(['attention'])
    expect(results.find(({ id }) => id === 'time-machine')?.title.params).toEqual({
      ageMs: 7_200_000,
    })
    expect(results.find(({ id }) => id === 'updates')?.title.params).toMatchObject({ count: 1 })
  })

  test('keeps its story on another day, and its gauges alive', async () => {
    const clock = new FakeClock('2027-02-03T04:05:06Z')
    const host = createDemoHost({ recording, clock })
    const reader = createTickReader('darwin')
    const ticker = await host.ticks(tickList('darwin'))
    const used = new Set<number>()
    const busy = new Set<number | null>()
    for (let second = 0; second < 40; second++) {
      const { outputs } = await ticker.ask()
      const readings = reader.read(outputs, host.now())
      if (readings.memory?.kind === 'value') {
        used.add((readings.memory.value as ProbeValue<'memory'>).usedBytes)
      }
      if (readings.gpu?.kind === 'value') {
        busy.add((readings.gpu.value as ProbeValue<'gpu'>).deviceUtilisationRatio)
      }
      await clock.advance(1000)
    }
    ticker.close()
    expect(used.size).toBeGreaterThan(10)
    expect(Math.max(...used) - Math.min(...used)).toBeLessThan(2e9)
    expect(busy.size).toBeGreaterThan(5)
    expect(await readProbe(host, probeById('time-machine'))).toMatchObject({
      value: { lastBackupAt: '2027-02-03T02:05:06.000Z' },
    })
    await host.close()
  })

  test('holds nothing that belongs to somebody', () => {
    const text = readFileSync(join(resourcesDir, 'demo/mac-studio.json'), 'utf8')
    expect(text).not.toMatch(/[\w.]+@[\w-]+\.[a-z]{2,}/)
    expect(text).not.toMatch(/PRIVATE KEY|password|token/i)
  })
})
