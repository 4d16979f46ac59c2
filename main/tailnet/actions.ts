import type { Job } from '../../preload/contract/jobs.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import { errorInfo, StudioloError, toErrorInfo } from '../core/errors.ts'
import type { JobContext, Jobs } from '../core/jobs.ts'
import type { Clock, Desktop } from '../core/ports.ts'
import type { Services } from '../core/services.ts'
import { sleep } from '../core/sleep.ts'
import type { Host } from '../hosts/host.ts'
import { probeById } from '../probes/index.ts'
import { readProbe } from '../probes/read.ts'
import { runTailscale } from './cli.ts'
import { isAppClosed, openApp } from './open-app.ts'
import { machinesPage } from './pages.ts'
import { notPermitted, problemIn, settingsIn } from './problems.ts'

const lookEveryMs = 1_000
const switchWithinMs = 30_000
/** A person reads mail, types a code, asks a colleague. */
const logInWithinMs = 600_000
/** Between the end of the command and Tailscale's own word for it. */
const settleMs = 10_000
const freshAfterMs = 3_000

type Args = readonly string[]

/**
 * Up, down and log in, each as a Job on this machine. Done means that Tailscale says so when asked again, not that its command line
 * has ended well.
 */
export function createTailnetActions(options: {
  jobs: Jobs
  local(): Host
  /** Asks Tailscale again, for the state that the page shows. */
  refresh(): Promise<void>
  desktop: Desktop
  clock: Clock
}): Omit<Services['tailnet'], 'refresh'> {
  const { jobs, clock, desktop } = options

  function start(kind: Job['kind'], what: Pick<Parameters<Jobs['start']>[0], 'work' | 'undo'>) {
    const hostId = options.local().id
    const subject = 'tailscale'
    const title = { key: `job.${kind}` }
    const job =
      jobs.running(hostId, kind, subject) ?? jobs.start({ hostId, kind, subject, title, ...what })
    return { jobId: job.id }
  }

  async function read(signal?: AbortSignal): Promise<Tailnet> {
    const reading = await readProbe(options.local(), probeById('tailnet'), signal && { signal })
    if (reading.kind === 'value') return reading.value
    signal?.throwIfAborted()
    const code = reading.reason === 'not-installed' ? 'not-installed' : 'unrecognised'
    throw new StudioloError(errorInfo(code, {}, reading.detail))
  }

  /**
   * Runs a subcommand, null for none, and looks until `isReached` says that Tailscale is where it was to go; then the program is
   * ended. A look that fails is no answer: the next may have one.
   */
  async function reach(
    args: Args | null,
    isReached: (tailnet: Tailnet, hasEnded: boolean) => boolean | Promise<boolean>,
    { withinMs, signal }: { withinMs: number; signal?: AbortSignal | undefined },
  ): Promise<void> {
    const over = new AbortController()
    const ending = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
    let deadline = clock.monotonic() + withinMs
    let end: { failure?: unknown } | undefined
    const ended =
      args === null
        ? new Promise<void>(() => undefined)
        : run(args, withinMs, ending).then(
            () => {
              deadline = Math.min(deadline, clock.monotonic() + settleMs)
              end = {}
            },
            (failure: unknown) => {
              end = { failure }
            },
          )
    try {
      for (;;) {
        const endBefore = end
        const tailnet = await read(signal).catch((error: unknown) => {
          signal?.throwIfAborted()
          return toErrorInfo(error)
        })
        const isRead = 'peers' in tailnet
        if (isRead && (await isReached(tailnet, endBefore !== undefined))) return
        if (endBefore?.failure !== undefined) throw endBefore.failure
        if (clock.monotonic() >= deadline) {
          const detail = isRead ? `Tailscale says: ${tailnet.state}` : tailnet.detail
          throw new StudioloError(errorInfo('timeout', {}, detail))
        }
        const pause = sleep(clock, lookEveryMs, signal)
        await (endBefore === undefined ? Promise.race([pause, ended]) : pause)
      }
    } finally {
      over.abort()
      if (args !== null) await ended
      await options.refresh()
    }
  }

  async function run(args: Args, timeoutMs: number, signal: AbortSignal) {
    const ask = async (words: Args) => {
      const outcome = await runTailscale(options.local(), words, { timeoutMs, signal })
      if (outcome.kind === 'answer') return outcome.output
      throw new StudioloError(errorInfo('not-installed'))
    }
    let output = await ask(args)
    // signed out, `up` wants every setting said again, and names them
    const settings = args[0] === 'up' ? settingsIn(output) : null
    if (settings !== null) output = await ask([...args, ...settings])
    if (output.exitCode !== 0) throw new StudioloError(problemIn(output))
  }

  const isRunning = ({ state }: Tailnet) => state === 'running'

  function up(signal?: AbortSignal) {
    return reach(['up'], (tailnet) => refuse(tailnet) ?? isRunning(tailnet), {
      ...{ withinMs: switchWithinMs, signal },
    })
  }

  function down(signal?: AbortSignal) {
    // it only asks the daemon to stop: while it has not, an `up` just before may still come into force
    return reach(['down'], ({ state }, hasEnded) => hasEnded && state === 'stopped', {
      ...{ withinMs: switchWithinMs, signal },
    })
  }

  async function logIn({ signal, line }: JobContext) {
    const before = await read(signal)
    // a node whose key has expired may go on as if it were logged in
    const isRenewal = isRunning(before) && hasExpired(before)
    if (isRunning(before) && !isRenewal) return options.refresh()
    let shown: string | null = null
    let waiting: string | null = before.authUrl
    const show = async ({ authUrl }: Tailnet) => {
      if (authUrl === null || authUrl === shown) return
      shown = authUrl
      line(authUrl)
      // whoever names the page is not to choose what else this machine opens
      if (/^https:\/\/\S+$/.test(authUrl)) await desktop.openUrl(authUrl).catch(() => undefined)
    }
    let told: string | null = null
    /** Why there is no page yet: `You are logged out. The last login error was: fetch control key: … failed to resolve …`. */
    const tell = ({ health }: Tailnet) => {
      const problem = health.find((text) => /login error/i.test(text)) ?? told
      if (problem !== null && problem !== told) line(problem)
      told = problem
    }
    const wait = (args: Args | null) => {
      const since = clock.monotonic()
      return reach(
        args,
        async (tailnet) => {
          refuseWithoutApproval(tailnet)
          waiting = tailnet.authUrl
          tell(tailnet)
          // the page of an earlier attempt is replaced, mostly, as soon as the command is at work
          const isFresh = waiting !== before.authUrl || clock.monotonic() - since >= freshAfterMs
          if (args === null || isFresh) await show(tailnet)
          return isRunning(tailnet) && !hasExpired(tailnet)
        },
        { withinMs: logInWithinMs, signal },
      )
    }
    try {
      // not `login`: that begins an empty profile, without the server and the settings of this one
      await wait(isRenewal ? ['up', '--force-reauth'] : ['up'])
    } catch (error) {
      // a page that waits already needs nobody's permission
      if (waiting === null || toErrorInfo(error).message.key !== notPermitted) throw error
      await wait(null)
    }
  }

  /** Starts or stops, from a state where that is to be done; a cancel brings that state back. */
  function toggle(kind: 'tailnet-up' | 'tailnet-down', isDone: (tailnet: Tailnet) => boolean) {
    const [act, takeBack] = kind === 'tailnet-up' ? [up, down] : [down, up]
    const canBeTakenBack = kind === 'tailnet-up' ? 'stopped' : 'running'
    let before: Tailnet | undefined
    return start(kind, {
      async work({ signal }) {
        before = await read(signal)
        if (isDone(before)) return options.refresh()
        refuse(before)
        if (kind === 'tailnet-up' && isAppClosed(before)) {
          await openApp(options.local(), signal)
          const isThere = ({ isDaemonRunning }: Tailnet) => isDaemonRunning
          await reach(null, isThere, { withinMs: switchWithinMs, signal })
        }
        await act(signal)
      },
      async undo() {
        if (before?.state === canBeTakenBack && !isDone(before)) await takeBack()
      },
    })
  }

  return {
    up: () => toggle('tailnet-up', isRunning),
    down: () => toggle('tailnet-down', ({ state }) => state === 'stopped'),
    logIn: () => start('tailnet-log-in', { work: logIn }),
  }
}

const hasExpired = ({ self }: Tailnet) => self?.isKeyExpired === true

/** Where only a person can go on. */
function refuse(tailnet: Tailnet): undefined {
  refuseWithoutApproval(tailnet)
  if (tailnet.state !== 'needs-login') return
  throw new StudioloError({ code: 'auth', message: { key: 'error.tailnet-needs-login' } })
}

function refuseWithoutApproval({ state }: Tailnet): void {
  if (state !== 'needs-machine-auth') return
  throw new StudioloError({
    code: 'not-permitted',
    message: { key: 'error.tailnet-needs-approval' },
    remedy: {
      kind: 'read',
      where: 'here',
      text: { key: 'check.remedy.tailnet-approve' },
      target: machinesPage,
    },
  })
}
