import { HostError } from '../../host.ts'
import { findAgent } from '../agent.ts'
import { cancelled, sshError } from '../errors.ts'
import { type ConnectOptions, HungUpWhileAsking, type LoggedIn } from '../login-options.ts'
import { waitFor } from '../wait.ts'
import { Attempt, type OpenSshPlan } from './attempt.ts'
import { masterArguments } from './command.ts'
import { openMux } from './mux.ts'
import { makeRoom } from './room.ts'
import { createMuxTransport } from './transport.ts'

const muxTimeoutMs = 5_000

/** Like connectSsh from the configuration on, with a master of the system's own ssh. Rejects with a HostError or HungUpWhileAsking. */
export async function connectOpenSsh(
  options: ConnectOptions,
  plan: OpenSshPlan,
): Promise<LoggedIn> {
  const { clock, env, platform, host, signal } = options
  const { config, to } = plan
  const room = await makeRoom(env, signal)
  const attempt = new Attempt(options, plan, room)
  try {
    const [agent, args] = await Promise.all([
      findAgent(config, { env, platform }),
      masterArguments(config, host, room.socketPath),
    ])
    if (signal.aborted) throw cancelled()
    await attempt.run(args, {
      ...env,
      ...(config.identityAgent === undefined && agent !== null && { SSH_AUTH_SOCK: agent }),
    })
    const opening = new AbortController()
    const mux = await waitFor(openMux(room.socketPath, opening.signal), {
      ...{ clock, signal, timeoutMs: muxTimeoutMs },
      late: () => sshError('timeout', { ...to, timeoutMs: muxTimeoutMs }),
      onGivenUp: () => opening.abort(),
    })
    return {
      transport: createMuxTransport(mux, { room, clock }),
      ...{ to, way: attempt.way },
    }
  } catch (error) {
    // a master that has gone to the background already ends by itself, without a client
    attempt.kill()
    room.remove()
    throw error instanceof HostError || error instanceof HungUpWhileAsking
      ? error
      : sshError('internal', {}, String(error))
  }
}
