import type { LoadedModel, RuntimeState } from '../../preload/contract/models.ts'
import type { ProcessItem } from '../probes/processes.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import type { HeldModel } from './memory-bar.ts'

/** A list that is older than the memory beside it by more than this tells nothing of that memory. */
export const mostApartMs = 60_000

/** Processes that hold less are taken for the server alone: its model lies in a process of another name, or in a mapped file. */
const leastModelBytes = 1_000_000_000

export interface HeldSource {
  states: readonly RuntimeState[]
  runtimes: readonly Runtime[]
  /** Null where they are not known, or too old. */
  processes: readonly ProcessItem[] | null
  /** What loads in progress have taken so far; these models are left out of what is held. */
  loading: readonly { runtimeId: string; modelId: string; bytes: number; startedAt: string }[]
  /** When memory was read. */
  at: string
}

export interface Held {
  models: HeldModel[]
  /** Runtimes that may hold more than `models` says: neither they nor their processes tell. */
  untold: RuntimeState[]
  /** The Runtimes' own figure where they have one, and what the processes of these same Runtimes hold. */
  compared: { runtimesBytes: number; processesBytes: number } | null
}

interface Part {
  runtime: Runtime
  state: RuntimeState
  models: HeldModel[]
}

/**
 * What the models hold: as the Runtimes tell. Where one does not, it is as much as the model's file at least, and as its processes were
 * measured to hold.
 */
export function heldModels(source: HeldSource): Held {
  const told: Part[] = []
  const others: Part[] = []
  for (const state of source.states) {
    const runtime = source.runtimes.find(({ id }) => id === state.id)
    if (runtime === undefined) continue
    const part = { runtime, state, models: modelsOf(state, source) }
    if (tellsAll(part, source)) told.push(part)
    else others.push(part)
  }
  const models = told.flatMap((part) => part.models)
  const held: Held = { models, untold: [], compared: comparison(told, others, source) }
  const counted = new Set<number>()
  for (const part of others) {
    const bytes = measuredBytes(part, told, source, counted)
    const moreBytes = bytes === null ? 0 : bytes - bytesOf(part.models)
    held.models.push(...(moreBytes > 0 ? withMore(part, moreBytes) : part.models))
    if (bytes === null && !isWeighed(part, source)) held.untold.push(part.state)
  }
  return held
}

/** Whether an answer, of a Runtime or of a probe, is from about when memory was read. */
export function isFresh({ at: answeredAt }: { at: string | null }, at: string): boolean {
  return answeredAt !== null && Date.parse(at) - Date.parse(answeredAt) <= mostApartMs
}

/** The processes that hold this Runtime's models, by name or, where no name tells, by number. */
export function processesOf(
  runtime: Runtime,
  loaded: readonly LoadedModel[],
  processes: readonly ProcessItem[],
): ProcessItem[] {
  const ids = processIds(runtime, loaded)
  return processes.filter(
    ({ pid, name }) => ids.includes(pid) || runtime.processNames.includes(name),
  )
}

function modelsOf(state: RuntimeState, { loading }: HeldSource): HeldModel[] {
  const isLoading = (id: string) =>
    loading.some(({ runtimeId, modelId }) => runtimeId === state.id && modelId === id)
  return state.loaded
    .filter(({ modelId }) => !isLoading(modelId))
    .map((model) => ({ name: model.modelId, bytes: leastBytes(model, state) ?? 0 }))
}

/** What it holds as the Runtime says, else what its file weighs; null where neither is known. */
function leastBytes({ modelId, sizeBytes }: LoadedModel, { models }: RuntimeState): number | null {
  return sizeBytes ?? models.find(({ id }) => id === modelId)?.sizeBytes ?? null
}

/** A Runtime may tell nothing while it loads; what it held before that, it holds still, or has unloaded to make room. */
function isCurrent(state: RuntimeState, { at, loading }: HeldSource): boolean {
  const own = loading.filter(({ runtimeId }) => runtimeId === state.id)
  return isFresh(state, at) || own.some(({ startedAt }) => isFresh(state, startedAt))
}

function tellsAll({ runtime, state }: Part, source: HeldSource): boolean {
  if (state.state === 'unknown' || !isCurrent(state, source)) return false
  if (state.state === 'not-running') return true
  const isAllSized = state.loaded.every(({ sizeBytes }) => sizeBytes !== null)
  return isAllSized && runtime.isLoadedPartial !== true
}

/** All that is loaded is known, and of each model at least what its file weighs. */
function isWeighed({ runtime, state }: Part, source: HeldSource): boolean {
  if (state.state !== 'running' || !isCurrent(state, source)) return false
  const isAllWeighed = state.loaded.every((model) => leastBytes(model, state) !== null)
  return isAllWeighed && runtime.isLoadedPartial !== true
}

/** What its processes hold beside the models of others that run under the same name; null where that cannot be told. */
function measuredBytes(
  { runtime, state }: Part,
  told: readonly Part[],
  { processes, loading }: HeldSource,
  counted: Set<number>,
): number | null {
  if (processes === null) return null
  const own = processesOf(runtime, state.loaded, processes).filter(({ pid }) => !counted.has(pid))
  for (const { pid } of own) counted.add(pid)
  const sharing = told.filter((other) => isNameShared(other.runtime, runtime))
  const bytes =
    own.reduce((sum, { footprintBytes }) => sum + footprintBytes, 0) -
    bytesOf(sharing.flatMap(({ models }) => models)) -
    bytesOf(loading.filter(({ runtimeId }) => runtimeId === state.id))
  const ids = processIds(runtime, state.loaded)
  const isFound = ids.length > 0 && ids.every((id) => own.some(({ pid }) => pid === id))
  return isFound || bytes >= leastModelBytes ? bytes : null
}

/** Of several models nobody can say which one has it. */
function withMore({ runtime, models }: Part, bytes: number): HeldModel[] {
  const [only, ...further] = models
  return only !== undefined && further.length === 0
    ? [{ ...only, bytes: only.bytes + bytes }]
    : [...models, { name: runtime.name, bytes }]
}

/** While a load grows, its process is ahead of what the Runtime says, and that is no disagreement. */
function comparison(
  told: readonly Part[],
  others: readonly Part[],
  { processes, loading }: HeldSource,
): Held['compared'] {
  const isMixed = told.some((one) => others.some((two) => isNameShared(one.runtime, two.runtime)))
  if (processes === null || loading.length > 0 || isMixed) return null
  const own = new Set(
    told.flatMap(({ runtime, state }) => processesOf(runtime, state.loaded, processes)),
  )
  const processesBytes = [...own].reduce((sum, { footprintBytes }) => sum + footprintBytes, 0)
  return { runtimesBytes: bytesOf(told.flatMap(({ models }) => models)), processesBytes }
}

function isNameShared(one: Runtime, other: Runtime): boolean {
  return one.processNames.some((name) => other.processNames.includes(name))
}

function processIds(runtime: Runtime, loaded: readonly LoadedModel[]): number[] {
  return loaded.flatMap((instance) => runtime.processIdOf?.(instance) ?? [])
}

function bytesOf(items: readonly { bytes: number }[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0)
}
