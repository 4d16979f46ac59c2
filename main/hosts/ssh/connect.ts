import type { AddressNow } from '../../core/ports.ts'
import { prepareLogin } from './auth.ts'
import { resolveSshConfig, type SshConfig } from './config.ts'
import { cancelled, type Destination } from './errors.ts'
import { logIn } from './handshake.ts'
import { hostNameOf, lookUpHost } from './known-hosts.ts'
import type { ConnectOptions, LoggedIn } from './login-options.ts'
import { whyOpenSsh } from './openssh/choose.ts'
import { connectOpenSsh } from './openssh/connect.ts'
import { readIdentityFacts } from './openssh/identity.ts'
import { isNamedByProxy, withAllHops } from './proxy.ts'
import { openSocket } from './socket.ts'
import { createSsh2Transport } from './ssh2-transport.ts'

/**
 * From a target to a login: configuration, socket, key exchange, host key, login; each is a step that `steps` says. Rejects with a
 * HostError; every part has a time-out of its own, and the person's thinking time counts for none of them.
 */
export async function connectSsh(options: ConnectOptions): Promise<LoggedIn> {
  const { host, env, homeDir, signal, steps } = options
  const { account, port, keyPath } = host
  const resolving = { env, homeDir, signal }
  const configured = await withAllHops(
    await resolveSshConfig(host.target, { account, port, keyPath, ...resolving }),
    (hop) => resolveSshConfig(hop.host, { ...hop, account: hop.user, keyPath: null, ...resolving }),
  )
  const config = await withAddressNow(configured, options.addressNow)
  if (signal.aborted) throw cancelled()
  const to: Destination = { account: config.user, address: config.hostname, port: config.port }
  const name = hostNameOf(config)
  const files = [...config.userKnownHostsFiles, ...config.globalKnownHostsFiles]
  // a key that the person named in Studiolo stands for itself
  const identities = keyPath === null ? config.identityFiles : config.identityFiles.slice(0, 1)
  const [known, login, facts] = await Promise.all([
    lookUpHost(name, files, { env, signal }),
    prepareLogin({ ...options, config, keyPath, to, name }),
    readIdentityFacts(identities),
  ])
  const reasons = whyOpenSsh(config, { ...facts, known, agentKinds: login.foreignKinds })
  if (reasons.length > 0 || options.isAlwaysOpenSsh === true) {
    return connectOpenSsh(options, { config, to, name, known, reasons })
  }
  const socket = await openSocket({ ...options, config, to })
  try {
    const client = await logIn(options, { config, to, name, known, login, socket })
    steps.pass('login', login.method())
    return { transport: createSsh2Transport(client, socket.stream), to, way: socket.way }
  } catch (error) {
    socket.stream.destroy()
    throw error
  }
}

/**
 * With the address of a machine that has another name by now. Its host key stays known under the old one. Behind most proxies names
 * are the proxy's matter.
 */
async function withAddressNow(
  config: SshConfig,
  addressNow: AddressNow | undefined,
): Promise<SshConfig> {
  if (addressNow === undefined || isNamedByProxy(config)) return config
  const address = await addressNow(config.hostname)
  if (address === null) return config
  return { ...config, hostname: address, hostKeyAlias: hostNameOf(config).name }
}
