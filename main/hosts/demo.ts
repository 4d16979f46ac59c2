import type { Clock } from '../core/ports.ts'
import { withDemoModels } from './demo/memory.ts'
import { createDemoOllama } from './demo/ollama.ts'
import type { Host } from './host.ts'
import { createReplayHost } from './recorded.ts'
import { rebase } from './recording/rebase.ts'
import { commandKey, createSequence, type Recording } from './recording/recording.ts'
import { createRecordedResponder } from './recording/responder.ts'

export interface DemoHostOptions {
  recording: Recording
  clock: Clock
}

/**
 * A Mac Studio that is not there: a recording, moved to now. Gauges that were recorded several times go round and round;
 * Ollama's models load and unload, and memory follows.
 */
export function createDemoHost({ recording, clock }: DemoHostOptions): Host {
  const moved = rebase(recording, clock.now())
  const answers = createSequence(moved.commands, ({ argv }) => commandKey(argv), {
    isCycling: true,
  })
  const fallback = createRecordedResponder(moved.http, { isCycling: true })
  const limitBytes = gpuLimitOf(moved)
  const ollama = createDemoOllama(moved, { clock, limitBytes, fallback })
  return createReplayHost({
    id: 'demo',
    kind: 'demo',
    path: 'demo',
    clock,
    now: () => clock.now(),
    recording: moved,
    answer(argv) {
      const found = answers.next(commandKey(argv))
      if (found === undefined || ollama === null) return found
      const program = argv[0].slice(argv[0].lastIndexOf('/') + 1)
      const memory = { held: ollama.held(), recordedBytes: ollama.recordedBytes }
      return { ...found, stdout: withDemoModels(program, found.stdout, memory) }
    },
    respond: (question) =>
      question.port === ollama?.port ? ollama.respond(question) : fallback(question),
    isOpen: (port) => moved.http.some((one) => one.port === port && one.status !== 0),
  })
}

/** What Metal answered, or Apple's usual share of the memory. */
function gpuLimitOf(recording: Recording): number {
  const numberOf = (isWanted: (argv: readonly string[]) => boolean) =>
    Number(recording.commands.find(({ argv }) => isWanted(argv))?.stdout.trim() || Number.NaN)
  const metal = numberOf((argv) =>
    argv.some((word) => word.includes('recommendedMaxWorkingSetSize')),
  )
  if (metal > 0) return metal
  const total = numberOf((argv) => argv.includes('hw.memsize'))
  return total > 0 ? total * 0.75 : Number.POSITIVE_INFINITY
}
