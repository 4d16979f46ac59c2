import { useEffect, useState } from 'react'
import type { ErrorInfo } from '../../../preload/contract/base.ts'
import type { KeySetUpProgress, LinkQuestion } from '../../../preload/contract/hosts.ts'
import { client } from '../../client.ts'
import { failureOf } from '../../panels/actions.ts'
import type { hostOf } from './host-form.ts'
import type { Step } from './steps.tsx'

/** Something that connects to a Host step by step. */
export interface Run {
  kind: 'test' | 'key-set-up'
  host: ReturnType<typeof hostOf>
}

export interface RunProgress {
  steps: readonly (Step & { error: ErrorInfo | null })[]
  question: LinkQuestion | null
  isDone: boolean
  keyPath?: KeySetUpProgress['keyPath']
}

interface RunState {
  id: string
  progress: RunProgress | null
  failure: ErrorInfo | null
}

const nothing: RunState = { id: '', progress: null, failure: null }

/** Runs for as long as the component is there; another `run` ends the one before. */
export function useRun(run: Run): RunState {
  const [told, setTold] = useState<{ of: Run; state: RunState } | null>(null)

  useEffect(() => {
    const abort = new AbortController()
    const id = crypto.randomUUID()
    let state: RunState = { ...nothing, id }
    const tell = (fields: Partial<RunState>) => {
      if (abort.signal.aborted) return
      state = { ...state, ...fields }
      setTold({ of: run, state })
    }
    async function follow() {
      const { hosts } = client
      const input = { testId: id, host: run.host }
      const options = { signal: abort.signal }
      const events: AsyncIterable<RunProgress> =
        run.kind === 'test'
          ? await hosts.test(input, options)
          : await hosts.setUpKey(input, options)
      for await (const progress of events) tell({ progress })
    }
    follow().catch((error: unknown) => tell({ failure: failureOf(error) }))
    return () => abort.abort()
  }, [run])

  return told?.of === run ? told.state : nothing
}
