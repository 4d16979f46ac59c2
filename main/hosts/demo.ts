import type { Clock } from '../core/ports.ts'
import type { Host } from './host.ts'
import { createReplayHost } from './recorded.ts'
import { createRecordedResponder } from './recorded-http.ts'
import { commandKey, createSequence, type Recording } from './recording.ts'
import { rebase } from './recording-rebase.ts'

export interface DemoHostOptions {
  recording: Recording
  clock: Clock
}

/** A Mac Studio that is not there: a recording, moved to now, with live gauges. */
export function createDemoHost({ recording, clock }: DemoHostOptions): Host {
  const moved = rebase(recording, clock.now())
  const answers = createSequence(moved.commands, ({ argv }) => commandKey(argv), {
    isCycling: true,
  })
  const respond = createRecordedResponder(moved.http, { isCycling: true })
  return createReplayHost({
    id: 'demo',
    kind: 'demo',
    path: 'demo',
    clock,
    now: () => clock.now(),
    recording: moved,
    answer: (argv) => answers.next(commandKey(argv)),
    respond,
    isOpen: (port) => moved.http.some((one) => one.port === port && one.status !== 0),
  })
}
