import { randomUUID } from 'node:crypto'
import type { HostSuggestion, HostTestProgress } from '../../preload/contract/hosts.ts'
import { type Host, HostError, type HostLink } from '../hosts/host.ts'
import { errorInfo, StudioloError } from './errors.ts'
import type { HostFleet } from './host-fleet.ts'
import type { HostFactory, SettingsStore } from './ports.ts'
import type { Services } from './services.ts'

/** Longer than any step's own time-out, the person's thinking included: a test that nobody watches still ends. */
const testTimeoutMs = 600_000

export function createHostService(options: {
  factory: HostFactory
  settings: SettingsStore
  hosts: HostFleet
  suggestions(): Promise<HostSuggestion[]>
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
      const config = { ...host, kind: 'ssh' as const, id: randomUUID() }
      await settings.update((now) => ({
        ...now,
        hosts: [...now.hosts, config],
        selectedHostId: config.id,
      }))
      return config
    },
    async edit(config) {
      refuseDuplicate(config.name, config.id)
      await settings.update((now) => {
        if (!now.hosts.some(({ id }) => id === config.id))
          throw new StudioloError(errorInfo('not-found'))
        return { ...now, hosts: now.hosts.map((host) => (host.id === config.id ? config : host)) }
      })
      return config
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
    answer(id, answer) {
      const host = tests.get(id) ?? hosts.watch(id).host
      host.answer(answer)
    },
    reconnect: (id) => hosts.watch(id).wake(),
  }
}

/** Connects and says each hop as it passes; the last progress has `isDone`. */
async function* testSteps(
  host: Host,
  signal?: AbortSignal,
): AsyncGenerator<HostTestProgress, void> {
  const abort = AbortSignal.any([AbortSignal.timeout(testTimeoutMs), ...(signal ? [signal] : [])])
  let wake = () => {}
  let isDone = false
  let hasNews = true
  const news = () => {
    hasNews = true
    wake()
  }
  const unsubscribe = host.onLink(news)
  abort.addEventListener('abort', news)
  const ending = host
    .identify({ signal: abort })
    .catch((error: unknown) => {
      if (!(error instanceof HostError)) throw error
    })
    .finally(() => {
      isDone = true
      news()
    })
  ending.catch(() => undefined)
  try {
    while (!abort.aborted) {
      if (!hasNews) await new Promise<void>((resolve) => (wake = resolve))
      hasNews = false
      const link: HostLink = host.link()
      // the end may come while the reader still looks at this progress: it then needs one more
      const isLast = isDone
      yield { steps: [...link.steps], question: link.question, isDone: isLast }
      if (isLast) break
    }
    await ending
  } finally {
    unsubscribe()
    abort.removeEventListener('abort', news)
  }
}
