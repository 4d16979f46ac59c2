import type { LoadedModel, Model, RuntimeState } from '../../../preload/contract/models.ts'
import { createRuntimeWatch } from '../../core/runtime-watch.ts'
import { runtimes } from '../../runtimes/index.ts'
import { clock } from '../compose.ts'
import { heading } from './heading.ts'
import { hostJson, type OpenHost } from './host.ts'
import { type CliIo, type ExitCode, exitCodes } from './io.ts'
import { formatTable } from './table.ts'

const answerWithinMs = 30_000

/** The model servers of a Host, their models, and what is loaded. */
export async function models(open: OpenHost, io: CliIo, isJson: boolean): Promise<ExitCode> {
  const { host } = open
  const watch = createRuntimeWatch({ host, runtimes, clock, onChange() {} })
  await watch.poll(AbortSignal.timeout(answerWithinMs))
  const states = watch.states()
  if (isJson) {
    io.out(
      `${JSON.stringify({ host: hostJson(open), runtimes: states.map(runtimeJson) }, null, 2)}\n`,
    )
  } else {
    io.out(`${heading(open, io)}${states.map((state) => section(state, io, host.now())).join('')}`)
  }
  return exitCodes.ok
}

function runtimeJson({
  id,
  name,
  state,
  detail,
  version,
  port,
  models: all,
  loaded,
  at,
}: RuntimeState) {
  return {
    ...{ id, name, state },
    ...(version !== null && { version }),
    ...(detail !== null && { detail }),
    ...(port !== null && { port }),
    ...{ models: all, loaded, at },
  }
}

function section(runtime: RuntimeState, io: CliIo, now: number): string {
  const { name, state, version, port } = runtime
  const title = [
    name,
    version,
    io.say({ key: `cli.runtime.${state}` }),
    port === null ? null : `:${port}`,
  ]
  const rows = runtime.models.map((model) => modelRow(model, loadedOf(runtime, model), io, now))
  const told = title.filter((part) => part !== null).join(' · ')
  if (state !== 'running') return `\n${formatTable([[told]])}`
  if (rows.length === 0) rows.push([io.say({ key: 'cli.no-models' })])
  return `\n${formatTable([[told]])}${formatTable(rows.map((row) => ['', ...row]))}`
}

function loadedOf({ loaded }: RuntimeState, model: Model): LoadedModel | undefined {
  return loaded.find(({ modelId }) => modelId === model.id)
}

function modelRow(model: Model, loaded: LoadedModel | undefined, io: CliIo, now: number): string[] {
  const { name, sizeBytes, quantisation } = model
  const size = sizeBytes === null ? '' : io.say({ key: 'cli.value.bytes', params: { sizeBytes } })
  return [name, size, quantisation ?? '', loaded === undefined ? '' : loadedWords(loaded, io, now)]
}

function loadedWords(
  { sizeBytes, expiresAt, isKept }: LoadedModel,
  io: CliIo,
  now: number,
): string {
  const words = [io.say({ key: 'cli.loaded', params: { sizeBytes } })]
  if (isKept) words.push(io.say({ key: 'cli.kept' }))
  if (expiresAt !== null) {
    words.push(io.say({ key: 'cli.until', params: { expiresAt } }, io.language, now))
  }
  return words.join(' · ')
}
