import type { AgentOptions, ClientRequest, ClientRequestArgs } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Host } from './host.ts'
import { Agent } from './node-http.ts'

export interface HostRequestArgs extends ClientRequestArgs {
  connectSignal?: AbortSignal
}

/** Idle connections are few and short-lived: each holds a channel of the one SSH connection. */
const keptConnections = 2
const keptForMs = 15_000

/** Connections of node:http to a port on a Host. */
export class HostAgent extends Agent {
  readonly #host: Host
  readonly #port: number
  readonly #idle = new WeakMap<Duplex, NodeJS.Timeout>()

  constructor(host: Host, port: number, options: AgentOptions) {
    super(options)
    this.#host = host
    this.#port = port
  }

  override createConnection(
    options: HostRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const signal = options.connectSignal
    this.#host.connect({ port: this.#port }, signal === undefined ? {} : { signal }).then(
      (stream) => {
        // A socket closes by itself when the other side ends. A channel of SSH stays half open: kept for another request, that
        // request would wait for an answer until its time-out.
        stream.once('end', () => stream.destroy())
        callback?.(null, asSocket(stream))
      },
      // the type demands a stream where there is none
      (error: unknown) =>
        callback?.(
          error instanceof Error ? error : new Error(String(error)),
          undefined as unknown as Duplex,
        ),
    )
  }

  override keepSocketAlive(stream: Duplex): boolean {
    const timer = setTimeout(() => stream.destroy(), keptForMs)
    timer.unref()
    this.#idle.set(stream, timer)
    // the type says void; false where the server announced to close too soon
    return (super.keepSocketAlive(stream) as unknown) !== false
  }

  override reuseSocket(stream: Duplex, outgoing: ClientRequest): void {
    clearTimeout(this.#idle.get(stream))
    super.reuseSocket(stream, outgoing)
  }
}

/** Agent calls these on idle connections; an SSH channel or an in-process stream has none of them, and needs none. */
function asSocket(stream: Duplex): Duplex {
  const nothing = () => stream
  return 'setKeepAlive' in stream
    ? stream
    : Object.assign(stream, {
        setKeepAlive: nothing,
        setTimeout: nothing,
        ref: nothing,
        unref: nothing,
      })
}

const agents = new WeakMap<Host, Map<number, HostAgent>>()

/** Of one port, for requests that may share connections. */
export function agentOf(host: Host, port: number): HostAgent {
  const byPort = agents.get(host) ?? new Map<number, HostAgent>()
  agents.set(host, byPort)
  let agent = byPort.get(port)
  if (agent === undefined) {
    agent = new HostAgent(host, port, { keepAlive: true, maxFreeSockets: keptConnections })
    byPort.set(port, agent)
  }
  return agent
}
