import type { HostError } from '../../host.ts'
import { type Destination, loginRefused, quote, sshError } from '../errors.ts'
import { proxyFailure } from '../proxy.ts'

/** What an attempt had come to when ssh ended. */
export interface AttemptTrace {
  to: Destination
  /** As the person named the host. */
  target: string
  /** ProxyCommand or ProxyJump; null for TCP. */
  via: string | null
  hasBanner: boolean
  /** What ssh said for people, line by line. */
  said: readonly string[]
  offered: readonly string[]
  accepts: readonly string[]
}

type Make = (trace: AttemptTrace, line: string) => HostError

const unreachable: Make = ({ to }, line) =>
  sshError('unreachable', { address: to.address, port: to.port }, line)
const closed: Make = ({ to }, line) =>
  sshError('closed-by-host', { address: to.address, port: to.port }, line)
const late: Make = ({ to }, line) =>
  sshError('timeout', { address: to.address, port: to.port }, line)
const refusedLogin: Make = (trace, line) => {
  const { to, offered, accepts } = trace
  // a security key that is not plugged in, a card without its PIN: ssh says so in a line of its own
  const why = trace.said.find((other) =>
    /signing failed|agent refused|Load key|PKCS#?11/.test(other),
  )
  return loginRefused(to, { offered, accepts, signed: null }, why ?? line)
}

/** In this order: the first that fits any line wins. Words of OpenSSH 8.4 to 10, and of the systems' resolvers. */
const meanings: readonly (readonly [RegExp, Make])[] = [
  [
    /Bad configuration option|bad configuration options|keyword .* extra arguments/i,
    ({ target }, line) => sshError('ssh-config', { target }, line),
  ],
  [
    /Could not resolve hostname/i,
    ({ to }, line) => sshError('unknown-host-name', { address: to.address }, line),
  ],
  [
    /no matching .* found|no hostkey alg|no kex alg/i,
    ({ to }, line) => sshError('no-common-algorithm', { address: to.address }, line),
  ],
  [
    /banner line contains invalid|client sent invalid|banner exchange: .*invalid format|Bad packet length/i,
    ({ to }, line) => sshError('not-ssh', { address: to.address, port: to.port }, quote(line)),
  ],
  [
    /Permission denied \(|Too many authentication failures|No more authentication methods/,
    refusedLogin,
  ],
  [
    /Connection refused/i,
    ({ to }, line) => sshError('refused', { address: to.address, port: to.port }, line),
  ],
  [/timed out|not responding/i, late],
  [/No route to host|Network is unreachable|Host is down|Can't assign/i, unreachable],
  [
    /kex_exchange_identification|closed by|reset by|Broken pipe|disconnect from|Connection to .* closed/i,
    closed,
  ],
]

/** Why ssh ended, from what it said; `host key` problems are the caller's, who knows the keys. Never throws. */
export function sshFailure(trace: AttemptTrace): HostError {
  const { to, target, via, hasBanner, said } = trace
  if (via !== null && !hasBanner) {
    return proxyFailure({ hostname: to.address, target }, via, said.join(' '))
  }
  for (const [pattern, make] of meanings) {
    const line = said.find((text) => pattern.test(text))
    if (line !== undefined) return make(trace, line)
  }
  return closed(trace, said.at(-1) ?? '')
}
