import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { keepAlive } from '../../../main/hosts/demo/ollama.ts'
import { createDemoHost } from '../../../main/hosts/demo.ts'
import type { Host } from '../../../main/hosts/host.ts'
import { hostFetch } from '../../../main/hosts/http.ts'
import { loadDemoRecording } from '../../../main/hosts/recording/recording.ts'
import { type ProbeId, probes } from '../../../main/probes/index.ts'
import type { Probe } from '../../../main/probes/probe.ts'
import { readProbe } from '../../../main/probes/read.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const recording = loadDemoRecording(join(import.meta.dirname, '../../../resources'))
const startedAt = Date.parse('2027-02-01T12:00:00Z')
/** As the recording's own lists have it; sizes in bytes. */
const tagsOf = (name: string): number =>
  JSON.parse(recording.http.find(({ path }) => path === '/api/tags')?.body ?? '').models.find(
    (model: { name: string }) => model.name === name,
  ).size

let clock: FakeClock
let host: Host

beforeEach(() => {
  clock = new FakeClock(startedAt)
  host = createDemoHost({ recording, clock })
})

/** Moves the clock until the promise has settled. */
async function pass<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  promise.then(settle, settle)
  for (let i = 0; i < 1000 && !isSettled; i++) await clock.advance(100)
  return promise
}

async function ask(path: string, body?: object, signal?: AbortSignal) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await hostFetch(host, 11434)(
    path,
    signal === undefined ? init : { ...init, signal },
  )
  // biome-ignore lint/suspicious/noExplicitAny: whatever a server says; each test reads what it asked for
  return { status: answer.status, body: (await answer.json()) as any }
}

interface Loaded {
  name: string
  size: number
  size_vram: number
  expires_at: string
}

async function loaded(): Promise<Loaded[]> {
  return (await pass(ask('/api/ps'))).body.models
}

async function readValue(id: ProbeId): Promise<Record<string, unknown>> {
  const probe = (probes as readonly Probe[]).find((one) => one.id === id)
  if (probe === undefined) throw new Error(id)
  const reading = await readProbe(host, probe)
  if (reading.kind !== 'value') throw new Error(`${id}: ${reading.reason} ${reading.detail}`)
  return reading.value as Record<string, unknown>
}

async function number(id: ProbeId, field: string): Promise<number> {
  return Number((await readValue(id))[field])
}

async function serverBytes(): Promise<number> {
  const { items } = (await readValue('processes')) as {
    items: { name: string; footprintBytes: number }[]
  }
  return items
    .filter(({ name }) => name === 'llama-server')
    .reduce((sum, { footprintBytes }) => sum + footprintBytes, 0)
}

describe('the demo Studio', () => {
  test('answers every probe', async () => {
    for (const probe of probes as readonly Probe[]) {
      expect(await readProbe(host, probe), probe.id).toMatchObject({ kind: 'value' })
    }
  })

  test('is marked as one, and is of today', async () => {
    expect(host.kind).toBe('demo')
    expect(host.link()).toMatchObject({ state: 'connected', path: 'demo' })
    expect(host.now()).toBe(startedAt)
    await clock.advance(5000)
    expect(host.now()).toBe(startedAt + 5000)
    const identity = await host.identify()
    expect(identity).toMatchObject({ platform: 'darwin', account: 'ana', userId: 501 })
    expect(identity.groups).toContain('admin')
    const { lastBackupAt } = await readValue('time-machine')
    const age = startedAt - Date.parse(String(lastBackupAt))
    expect(age).toBeGreaterThan(0)
    expect(age).toBeLessThan(7 * 24 * 3_600_000)
  })

  test('gauges move, and go round', async () => {
    const texts = []
    for (let i = 0; i < 90; i++) {
      texts.push(
        (await host.run(['ioreg', '-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'])).stdout,
      )
    }
    expect(new Set(texts.slice(0, 30)).size).toBeGreaterThan(5)
    expect(texts.slice(30, 60)).toEqual(texts.slice(0, 30))
  })

  test('ticks answer the same commands', async () => {
    const ticker = await host.ticks([{ label: 'm', argv: ['vm_stat'], everyMs: 1000 }])
    expect((await ticker.ask()).outputs.get('m')?.stdout).toContain('Pages wired down')
    ticker.close()
  })

  test('no other server listens', async () => {
    await expect(host.connect({ port: 1234 })).rejects.toMatchObject({ info: { code: 'refused' } })
  })
})

describe('its Ollama', () => {
  test('tells version, models and what is loaded', async () => {
    expect((await ask('/api/version')).body).toMatchObject({ version: expect.any(String) })
    expect((await ask('/api/tags')).body.models.length).toBeGreaterThan(5)
    const [first, second, ...more] = await loaded()
    expect(more).toEqual([])
    expect(first).toMatchObject({ name: 'deepseek-v3:q3_k_m', size: 187_402_158_080 })
    expect(first?.expires_at).toMatch(/^2319-/)
    expect(second?.expires_at).toMatch(/^2027-02-01T12:04:12\./)
    await expect(ask('/api/blobs')).rejects.toMatchObject({ info: { code: 'not-recorded' } })
  })

  test('a load takes seconds, and memory, GPU and process grow with it', async () => {
    const before = {
      used: await number('memory', 'usedBytes'),
      gpu: await number('gpu', 'inUseBytes'),
      server: await serverBytes(),
    }
    // the recorded samples differ by this much from each other
    const noise = 3e9
    const load = ask('/api/generate', { model: 'gpt-oss:120b', prompt: '', stream: false })
    let list: Promise<Loaded[]> | null = null
    const seen: number[] = []
    for (let i = 0; i < 4; i++) {
      await clock.advance(1000)
      // the list waits for the load, as the real one does
      list ??= ask('/api/ps').then(({ body }) => body.models)
      seen.push((await serverBytes()) - before.server)
    }
    for (const [i, bytes] of seen.slice(1).entries())
      expect(bytes).toBeGreaterThan((seen[i] ?? 0) + 1e9)
    const answer = await pass(load)
    expect(answer).toMatchObject({ status: 200, body: { done: true, done_reason: 'load' } })
    const names = ((await list) ?? []).map(({ name }) => name)
    expect(names).toContain('gpt-oss:120b')
    const size = (await loaded()).find(({ name }) => name === 'gpt-oss:120b')?.size ?? 0
    expect(size).toBeGreaterThanOrEqual(tagsOf('gpt-oss:120b'))
    for (const [grown, by] of [
      [(await number('memory', 'usedBytes')) - before.used, noise],
      [(await number('gpu', 'inUseBytes')) - before.gpu, noise],
      [(await serverBytes()) - before.server, 2 ** 30],
    ] as const) {
      expect(Math.abs(grown - size)).toBeLessThan(by)
    }
    const { totalBytes, usedBytes } = await readValue('memory')
    expect(Number(usedBytes)).toBeLessThan(Number(totalBytes))
  })

  test('an unload gives the memory back', async () => {
    const before = await number('memory', 'usedBytes')
    const answer = await ask('/api/generate', { model: 'deepseek-v3:q3_k_m', keep_alive: 0 })
    expect(answer.body).toMatchObject({ done_reason: 'unload' })
    await clock.advance(2000)
    expect((await loaded()).map(({ name }) => name)).toEqual(['qwen3:30b-a3b'])
    const freed = before - (await number('memory', 'usedBytes'))
    expect(Math.abs(freed - 187_402_158_080)).toBeLessThan(3e9)
    await ask('/api/generate', { model: 'qwen3:30b-a3b', keep_alive: 0 })
    await clock.advance(2000)
    expect(await loaded()).toEqual([])
    expect(await serverBytes()).toBe(0)
    expect(await number('gpu', 'deviceUtilisationRatio')).toBe(0)
  })

  test('a cancelled load goes on until it is unloaded, and then everything is as before', async () => {
    const before = await serverBytes()
    const abort = new AbortController()
    const load = ask('/api/generate', { model: 'llama3.3:70b-q8' }, abort.signal)
    load.catch(() => undefined)
    await clock.advance(1500)
    abort.abort()
    await expect(load).rejects.toThrow()
    await clock.advance(500)
    expect(await serverBytes()).toBeGreaterThan(before)
    await ask('/api/generate', { model: 'llama3.3:70b-q8', keep_alive: 0 })
    await clock.advance(2000)
    expect((await loaded()).map(({ name }) => name)).not.toContain('llama3.3:70b-q8')
    expect(await serverBytes()).toBe(before)
  })

  test('a model that is not used unloads at its time', async () => {
    await pass(ask('/api/generate', { model: 'gemma3:27b', keep_alive: '2m' }))
    await clock.advance(60_000)
    expect((await loaded()).map(({ name }) => name)).toContain('gemma3:27b')
    await clock.advance(62_000)
    expect((await loaded()).map(({ name }) => name)).not.toContain('gemma3:27b')
  })

  test('makes room: what would end first goes first', async () => {
    await pass(ask('/api/generate', { model: 'qwen3-coder:480b', keep_alive: -1 }))
    await clock.advance(2000)
    // 187 GB and 300 GB are below the recorded limit of 498 GB, another 26 GB are not
    const names = (await loaded()).map(({ name }) => name)
    expect(names.sort()).toEqual(['deepseek-v3:q3_k_m', 'qwen3-coder:480b'])
    const { totalBytes, usedBytes } = await readValue('memory')
    expect(Number(usedBytes)).toBeLessThan(Number(totalBytes))
  })

  test('refuses what it does not have', async () => {
    expect(await ask('/api/generate', { model: 'none' })).toEqual({
      status: 404,
      body: { error: "model 'none:latest' not found" },
    })
    expect((await ask('/api/generate', {})).status).toBe(400)
  })
})

test('keep_alive is read as Ollama reads it', () => {
  expect(keepAlive(undefined)).toBe(300_000)
  expect(keepAlive(0)).toBe(0)
  expect(keepAlive('0')).toBe(0)
  expect(keepAlive(90)).toBe(90_000)
  expect(keepAlive('10m')).toBe(600_000)
  expect(keepAlive('1h30m')).toBe(5_400_000)
  expect(keepAlive('1.5s')).toBe(1500)
  expect(keepAlive(-1)).toBeNull()
  expect(keepAlive('-1m')).toBeNull()
  expect(keepAlive('soon')).toBe(300_000)
})
