import { useCallback, useEffect, useRef, useState } from 'react'
import type { ErrorInfo } from '../../../preload/contract/base.ts'
import type { DoctorProgress } from '../../../preload/contract/doctor.ts'
import { failureOf, useActions } from '../../panels/actions.ts'

interface Run {
  progress: DoctorProgress | null
  failure: ErrorInfo | null
  isRunning: boolean
}

const atFirst: Run = { progress: null, failure: null, isRunning: true }

/** The doctor at work, from the start and for as long as the component is there. */
export function useDoctorRun(hostId: string): Run & { again(): void; cancel(): void } {
  const { doctor } = useActions()
  const [run, setRun] = useState(atFirst)
  const [count, setCount] = useState(0)
  const stop = useRef<() => void>(() => undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another count is another run
  useEffect(() => {
    const abort = new AbortController()
    const { signal } = abort
    stop.current = () => {
      abort.abort()
      setRun((now) => ({ ...now, isRunning: false }))
    }
    setRun(atFirst)
    async function follow() {
      for await (const progress of await doctor(hostId, signal)) {
        if (signal.aborted) return
        setRun({ progress, failure: null, isRunning: !progress.isDone })
      }
    }
    const end = (failure: ErrorInfo | null) => {
      if (!signal.aborted) setRun((now) => ({ ...now, failure, isRunning: false }))
    }
    follow().then(
      () => end(null),
      (error: unknown) => end(failureOf(error)),
    )
    return () => abort.abort()
  }, [doctor, hostId, count])

  const again = useCallback(() => setCount((before) => before + 1), [])
  const cancel = useCallback(() => stop.current(), [])
  return { ...run, again, cancel }
}
