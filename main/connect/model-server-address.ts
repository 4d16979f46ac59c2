import { connect } from 'node:net'
import type { ModelServerAddress } from '../../preload/contract/connect.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'
import type { Clock, LocalFacts } from '../core/ports.ts'
import { resolveSshConfig } from '../hosts/ssh/config.ts'
import { wayByProxy } from '../hosts/ssh/path.ts'
import { addressFor } from '../tailnet/peers.ts'
import { type DestinationOptions, refusal } from './destination.ts'

/** Somebody waits with a paste in mind; a first packet over a relay takes some hundred milliseconds. */
const tryTimeoutMs = 1_500

export interface AddressOptions extends DestinationOptions {
  facts(): Promise<LocalFacts>
  tunnels(): readonly Tunnel[]
  clock: Clock
}

interface Server {
  name: string
  port: number
}

/**
 * Where a program on this machine finds a model server of a Host: at an open tunnel's end, else at the Host's own address, which is tried.
 * Servers listen on the loopback unless told otherwise, and then only a tunnel leads there: that rejects with a StudioloError. Silence
 * is no refusal: the address comes with a caveat.
 */
export async function addressOfServer(
  config: SshHostConfig,
  server: Server,
  options: AddressOptions,
): Promise<ModelServerAddress> {
  const { clock } = options
  const tunnel = options
    .tunnels()
    .find(({ hostId, remotePort }) => hostId === config.id && remotePort === server.port)
  if (tunnel !== undefined) return { url: urlOf('127.0.0.1', tunnel.localPort), caveat: null }
  const { address, isProxied } = await addressOfHost(config, options)
  const params = { name: server.name, host: config.name, port: server.port }
  const outcome = await tryTcp(address, server.port, clock)
  const url = urlOf(address, server.port)
  if (outcome === 'open') return { url, caveat: null }
  if (isProxied || outcome === 'no-such-name') {
    throw refusal('connect.model-server-apart', params)
  }
  if (outcome === 'refused') throw refusal('connect.model-server-there-only', params)
  return { url, caveat: { key: 'connect.model-server-silent', params } }
}

/** Of a server on this machine: where others reach it, if they do. */
export async function addressOfOwnServer(
  { port }: Server,
  { facts, clock }: Pick<AddressOptions, 'facts' | 'clock'>,
): Promise<ModelServerAddress> {
  const { addresses } = await facts()
  const address = addresses.find((one) => !one.includes(':')) ?? addresses[0]
  const isReached = address !== undefined && (await tryTcp(address, port, clock)) === 'open'
  return { url: urlOf(isReached ? address : '127.0.0.1', port), caveat: null }
}

async function addressOfHost(config: SshHostConfig, options: AddressOptions) {
  const { env, homeDir } = options
  const { account, port, keyPath, target, tailnetNodeId } = config
  const resolved = await resolveSshConfig(target, { account, port, keyPath, env, homeDir })
  const tailnet = await options.tailnet()
  const now = tailnet && addressFor({ target: resolved.hostname, tailnetNodeId }, tailnet)
  return { address: now ?? resolved.hostname, isProxied: wayByProxy(resolved) !== null }
}

/** Whether a port takes a connection from here. `silent`: no answer in time, or no way there that could be found. Never rejects. */
function tryTcp(
  host: string,
  port: number,
  clock: Clock,
): Promise<'open' | 'refused' | 'no-such-name' | 'silent'> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const disarm = clock.after(tryTimeoutMs, () => settle('silent'))
    function settle(outcome: Awaited<ReturnType<typeof tryTcp>>) {
      disarm()
      socket.destroy()
      resolve(outcome)
    }
    socket.once('connect', () => settle('open'))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') settle('refused')
      else settle(/^(ENOTFOUND|EAI_)/.test(error.code ?? '') ? 'no-such-name' : 'silent')
    })
  })
}

function urlOf(address: string, port: number): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}
