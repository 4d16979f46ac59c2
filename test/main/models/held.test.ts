import { describe, expect, it } from 'vitest'
import { type HeldSource, heldModels } from '../../../main/models/held.ts'
import type { ProcessItem } from '../../../main/probes/processes.ts'
import { runtimes } from '../../../main/runtimes/index.ts'
import type { RuntimeState } from '../../../preload/contract/models.ts'
import { isoAt, loaded, model, runtime } from '../../support/fleet-fixtures.ts'

const GB = 1_000_000_000
const at = isoAt(0)

function running(id: RuntimeState['id'], fields: Partial<RuntimeState> = {}): RuntimeState {
  return runtime({ id, name: id, ...fields })
}

const absent = (id: RuntimeState['id']) => running(id, { state: 'not-running', port: null })
const silent = (id: RuntimeState['id'], fields: Partial<RuntimeState> = {}) =>
  running(id, { state: 'unknown', port: null, ...fields })

function process(name: string, gigabytes: number, pid = 7): ProcessItem {
  return { pid, name, footprintBytes: gigabytes * GB, account: 'ana' }
}

function held(
  states: readonly RuntimeState[],
  processes: readonly ProcessItem[] | null = null,
  loading: HeldSource['loading'] = [],
) {
  const result = heldModels({ states, runtimes, processes, loading, at })
  const bytes = result.models.reduce((sum, one) => sum + one.bytes, 0)
  return { ...result, gigabytes: bytes / GB, untold: result.untold.map(({ id }) => id) }
}

const ollamaWith20 = running('ollama', {
  loaded: [loaded({ modelId: 'qwen3', sizeBytes: 20 * GB })],
})
const load = { runtimeId: 'ollama', modelId: 'phi', bytes: 3 * GB, startedAt: isoAt(5_000) }
const unsized = loaded({ modelId: 'gemma', instanceId: 'gemma', sizeBytes: null, gpuBytes: null })

describe('what the models hold', () => {
  it('is what the runtimes say where all of them do', () => {
    expect(held([ollamaWith20, absent('lm-studio')])).toMatchObject({
      models: [{ name: 'qwen3', bytes: 20 * GB }],
      untold: [],
    })
  })

  it('is as much as the file where only that is known, and as the process where that is more', () => {
    const studio = running('lm-studio', {
      loaded: [unsized],
      models: [model({ id: 'gemma', sizeBytes: 12 * GB })],
    })
    expect(held([ollamaWith20, studio])).toMatchObject({ gigabytes: 32, untold: [] })
    // its worker runs under another name, and the window's own memory says nothing of the model
    expect(held([studio], [process('LM Studio', 0.4)])).toMatchObject({ gigabytes: 12, untold: [] })
    expect(held([studio], [process('LM Studio', 15)])).toMatchObject({
      models: [{ name: 'gemma', bytes: 15 * GB }],
      untold: [],
    })
  })

  it('is measured where no size is told, and not known where the process does not hold it', () => {
    const studio = running('lm-studio', { loaded: [unsized] })
    expect(held([studio], [process('LM Studio', 40)])).toMatchObject({ gigabytes: 40, untold: [] })
    expect(held([studio], [process('LM Studio', 0.4)]).untold).toEqual(['lm-studio'])
    expect(held([studio], []).untold).toEqual(['lm-studio'])
    expect(held([studio], null).untold).toEqual(['lm-studio'])
  })

  it('is measured by the number of the process where its name is that of many', () => {
    const mlx = running('mlx', { loaded: [{ ...unsized, instanceId: '811' }] })
    const python = [process('python3.12', 9, 811), process('python3.12', 30, 812)]
    expect(held([mlx], python)).toMatchObject({
      models: [{ name: 'gemma', bytes: 9 * GB }],
      untold: [],
    })
    expect(held([mlx], [process('python3.12', 30, 812)]).untold).toEqual(['mlx'])
    // started without a model, it loads what a request names and tells nobody
    expect(held([running('mlx')], python).untold).toEqual(['mlx'])
  })

  it('is not known of a server that does not answer, unless its processes tell', () => {
    expect(held([silent('ollama')]).untold).toEqual(['ollama'])
    expect(held([silent('ollama')], [process('ollama', 0.1)]).untold).toEqual(['ollama'])
    expect(held([silent('ollama')], [process('llama-server', 40)])).toMatchObject({
      models: [{ name: 'Ollama', bytes: 40 * GB }],
      untold: [],
    })
  })

  it('is not known from a list of long ago, or from none', () => {
    const old = { ...ollamaWith20, at: isoAt(61_000) }
    expect(held([old]).untold).toEqual(['ollama'])
    expect(held([{ ...old, at: isoAt(59_000) }]).untold).toEqual([])
    expect(held([{ ...absent('ollama'), at: isoAt(61_000) }]).untold).toEqual(['ollama'])
    expect(held([silent('mlx', { at: null })]).untold).toEqual(['mlx'])
  })

  it('counts no process twice: those of one name belong first to who tells', () => {
    const servers = [process('llama-server', 21, 1), process('llama-server', 9, 2)]
    expect(held([ollamaWith20, silent('llama-cpp')], servers).gigabytes).toBe(30)
    expect(held([silent('ollama'), silent('llama-cpp')], servers).gigabytes).toBe(30)
  })

  it('leaves out what loads, also from what its process holds', () => {
    const states = [running('lm-studio', { loaded: [unsized, loaded({ modelId: 'phi' })] })]
    const loading = [{ ...load, runtimeId: 'lm-studio', modelId: 'phi' }]
    expect(held(states, [process('LM Studio', 8)], loading).models).toEqual([
      { name: 'gemma', bytes: 5 * GB },
    ])
  })

  it('is what it was before a load that keeps the server from answering', () => {
    const old = { ...ollamaWith20, at: isoAt(300_000) }
    const long = { ...load, startedAt: isoAt(290_000) }
    expect(held([old], [], [long])).toMatchObject({ gigabytes: 20, untold: [] })
    expect(held([{ ...old, at: isoAt(400_000) }], [], [long]).untold).toEqual(['ollama'])
    expect(held([old], [], [{ ...long, runtimeId: 'lm-studio' }]).untold).toEqual(['ollama'])
    expect(held([silent('ollama')], [], [long]).untold).toEqual(['ollama'])
  })

  it('is compared with the processes of those who tell', () => {
    const studio = running('lm-studio', {
      loaded: [unsized],
      models: [model({ id: 'gemma', sizeBytes: 12 * GB })],
    })
    const processes = [process('ollama', 1, 1), process('llama-server', 30, 2)]
    expect(held([ollamaWith20, studio], processes).compared).toEqual({
      runtimesBytes: 20 * GB,
      processesBytes: 31 * GB,
    })
    expect(held([ollamaWith20], null).compared).toBeNull()
  })
})
