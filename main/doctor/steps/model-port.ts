import { HostError } from '../../hosts/host.ts'
import { type Runtime, RuntimeError } from '../../runtimes/runtime.ts'
import { doIt } from '../remedies.ts'
import { type DoctorStep, outcome } from '../step.ts'
import type { Visit } from '../visit.ts'

type Answer =
  | { kind: 'there'; name: string; port: number }
  | { kind: 'absent' }
  | { kind: 'refused-forwarding'; detail: string }
  | { kind: 'unclear'; name: string; detail: string }

/** Passes where at least one model server answers through the connection. */
export const modelPort: DoctorStep = {
  id: 'model-port',
  beginsAfter: 'first-command',
  async look(visit) {
    const answers = await Promise.all(visit.runtimes.map((runtime) => ask(visit, runtime)))
    const { name } = visit.config
    const there = answers.filter((answer) => answer.kind === 'there')
    if (there.length > 0) {
      const servers = there.map((one) => `${one.name} (${one.port})`).join(', ')
      return outcome('passed', { key: 'doctor.model-port.passed', params: { servers } })
    }
    const closed = answers.find((answer) => answer.kind === 'refused-forwarding')
    if (closed !== undefined) {
      return outcome(
        'failed',
        { key: 'doctor.model-port.no-forwarding', params: { name } },
        {
          meaning: { key: 'doctor.meaning.no-forwarding' },
          remedies: [doIt('on-host', 'doctor.remedy.allow-forwarding', { name })],
          detail: closed.detail,
        },
      )
    }
    const unclear = answers.filter((answer) => answer.kind === 'unclear')
    if (unclear.length > 0) {
      const servers = unclear.map((one) => one.name).join(', ')
      const restart = doIt('on-host', 'doctor.remedy.restart-models')
      return outcome(
        'attention',
        { key: 'doctor.model-port.silent', params: { servers } },
        { remedies: [restart], detail: unclear.map(({ detail }) => detail).join('\n') },
      )
    }
    const remedies = [doIt('on-host', 'doctor.remedy.start-models', { name })]
    return outcome('attention', { key: 'doctor.model-port.none', params: { name } }, { remedies })
  },
}

async function ask({ attempt, signal }: Visit, runtime: Runtime): Promise<Answer> {
  const { name, ports } = runtime
  try {
    const found = await runtime.detect(attempt.host, { signal })
    return found === null ? { kind: 'absent' } : { kind: 'there', name, port: found.port }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    if (error instanceof HostError) {
      return error.info.code === 'not-permitted'
        ? { kind: 'refused-forwarding', detail }
        : { kind: 'unclear', name, detail }
    }
    // it answers, and wants a token
    if (error instanceof RuntimeError && error.code === 'not-permitted') {
      return { kind: 'there', name, port: ports[0] ?? 0 }
    }
    return { kind: 'unclear', name, detail }
  }
}
