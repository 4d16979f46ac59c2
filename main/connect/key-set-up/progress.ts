import type { ErrorInfo } from '../../../preload/contract/base.ts'
import type {
  KeySetUpProgress,
  KeySetUpStep,
  LinkQuestion,
} from '../../../preload/contract/hosts.ts'
import { createBell } from '../../core/bell.ts'

export type StepId = KeySetUpStep['id']

/** Where a set-up stands, and who waits to hear of it. */
export interface Progress {
  begin(id: StepId): void
  pass(id: StepId, detail: string | null): void
  skip(id: StepId, detail: string | null, error?: ErrorInfo): void
  /** Of the step that runs. */
  fail(error: ErrorInfo): void
  /** Of the step that runs; null when it was answered. */
  ask(question: LinkQuestion | null): void
  end(keyPath: string | null): void
  /** Each state as it comes, the latest one where several came at once, until the end or the abort. */
  read(signal: AbortSignal): AsyncGenerator<KeySetUpProgress, void>
}

export function createProgress(): Progress {
  let now: KeySetUpProgress = { steps: [], question: null, keyPath: null, isDone: false }
  const bell = createBell()

  function set(fields: Partial<KeySetUpProgress>) {
    now = { ...now, ...fields }
    bell.ring()
  }
  function setStep(id: StepId, fields: Partial<KeySetUpStep>) {
    const before = now.steps.find((step) => step.id === id)
    const step = { ...(before ?? { id, state: 'running', detail: null, error: null }), ...fields }
    const steps = now.steps.filter((other) => other.id !== id)
    set({ steps: [...steps, step], question: null })
  }
  const running = () =>
    now.steps.find(({ state }) => state === 'running' || state === 'asking')?.id ?? null

  return {
    begin: (id) => setStep(id, {}),
    pass: (id, detail) => setStep(id, { state: 'passed', detail }),
    skip: (id, detail, error) => setStep(id, { state: 'skipped', detail, error: error ?? null }),
    fail(error) {
      const id = running()
      if (id !== null) setStep(id, { state: 'failed', error })
    },
    ask(question) {
      const id = running()
      if (id === null || (question === null && now.question === null)) return
      setStep(id, { state: question === null ? 'running' : 'asking' })
      set({ question })
    },
    end: (keyPath) => set({ keyPath, isDone: true, question: null }),
    async *read(signal) {
      signal.addEventListener('abort', bell.ring)
      try {
        while (!signal.aborted) {
          await bell.heard()
          if (signal.aborted) return
          const { isDone } = now
          yield now
          if (isDone) return
        }
      } finally {
        signal.removeEventListener('abort', bell.ring)
      }
    },
  }
}
