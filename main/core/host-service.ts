import { randomUUID } from 'node:crypto'
import type { HostSuggestion, HostTestProgress } from '../../preload/contract/hosts.ts'
import type { createKeySetUp } from '../connect/key-set-up.ts'
import { type Host, HostError, type HostLink } from '../hosts/host.ts'
import { stillLearned } from '../tailnet/learn.ts'
import { createBell } from './bell.ts'
import { errorInfo, StudioloError } from './errors.ts'
import type { HostFleet } from './host-fleet.ts'
import type { HostFactory, SettingsStore } from './ports.ts'
import type { NewHost, Services } from './services.ts'

/** Longer than any step's own time-out, the person's thinking included: a test that nobody watches still ends. */
const testTimeoutMs = 600_000

export function createHostService(options: {
  factory: HostFactory
  settings: SettingsStore
  hosts: HostFleet
  suggestions(): Promise<HostSuggestion[]>
  keySetUp: ReturnType<typeof createKeySetUp>
  wake(id: string): Promise<void>
  /** The name that a new Host gets in our SSH configuration. */
  aliasFor(host: NewHost): Promise<string | null>
}): Services['hosts'] {
  const { factory, settings, hosts } = options
  const tests = new Map<string, Host>()

  function refuseDuplicate(name: string, id: string | null) {
    const clash = settings.get().settings.hosts.some((host) => host.name === name && host.id !== id)
    if (clash) throw new StudioloError(errorInfo('duplicate', { name }))
  }

  return {
    suggestions: options.suggestions,
    async add(host) {
      refuseDuplicate(host.name, null)
      const alias = await options.aliasFor(host)
      const config = { ...host, alias, kind: 'ssh' as const, id: randomUUID() }
      await settings.update((now) => ({
        ...now,
        hosts: [...now.hosts, config],
        selectedHostId: config.id,
      }))
      return config
    },
    async edit(config) {
      let edited = config
      refuseDuplicate(config.name, config.id)
      await settings.update((now) => {
        const before = now.hosts.find(({ id }) => id === config.id)
        if (before === undefined) throw new StudioloError(errorInfo('not-found'))
        edited = stillLearned(config, before)
        return { ...now, hosts: now.hosts.map((host) => (host === before ? edited : host)) }
      })
      return edited
    },
    async remove(id) {
      await settings.update((now) => ({
        ...now,
        hosts: now.hosts.filter((host) => host.id !== id),
        selectedHostId: now.selectedHostId === id ? null : now.selectedHostId,
      }))
    },
    async *test(testId, newHost, signal) {
      const host = factory.ssh({ ...newHost, kind: 'ssh', id: `test-${testId}` })
      tests.set(testId, host)
      try {
        yield* testSteps(host, signal)
      } finally {
        tests.delete(testId)
        await host.close()
      }
    },
    setUpKey: (testId, host, signal) => options.keySetUp.run(testId, host, signal),
    wake: options.wake,
    answer(id, answer) {
      if (options.keySetUp.answer(id, answer)) return
      const host = tests.get(id) ?? hosts.watch(id).host
      host.answer(answer)
    },
    reconnect: (id) => hosts.watch(id).reconnect(),
  }
}

/** Connects and says each hop as it passes; the last progress has `isDone`. */
async function* testSteps(
  host: Host,
  signal?: AbortSignal,
): AsyncGenerator<HostTestProgress, void> {
  const abort = AbortSignal.any([AbortSignal.timeout(testTimeoutMs), ...(signal ? [signal] : [])])
  let isDone = false
  const bell = createBell()
  bell.ring()
  const unsubscribe = host.onLink(bell.ring)
  abort.addEventListener('abort', bell.ring)
  const ending = host
    .identify({ signal: abort })
    .catch((error: unknown) => {
      if (!(error instanceof HostError)) throw error
    })
    .finally(() => {
      isDone = true
      bell.ring()
    })
  ending.catch(() => undefined)
  try {
    while (!abort.aborted) {
      await bell.heard()
      const link: HostLink = host.link()
      // the end may come while the reader still looks at this progress: it then needs one more
      const isLast = isDone
      yield { steps: [...link.steps], question: link.question, isDone: isLast }
      if (isLast) break
    }
    await ending
  } finally {
    unsubscribe()
    abort.removeEventListener('abort', bell.ring)
  }
}
