import type { ErrorInfo } from '../../preload/contract/base.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { type Argv, type Host, HostError } from '../hosts/host.ts'
import type { SshConfig } from '../hosts/ssh/config.ts'

/** What answers on port 22 of the Host's address in the local network. `methods` as OpenSSH lists them: `password`. */
export type LanAnswer =
  | { kind: 'ssh'; address: string; account: string; methods: readonly string[] }
  | { kind: 'silent'; detail: string }

const limitMs = 5_000

/**
 * Asks the SSH server in the local network which kinds of login it takes, without logging in. Nothing secret is sent, so that its
 * host key need not be known, and nothing is written. Runs this machine's `ssh`, up to 5 s. Null where no such address is known.
 *
 *     ana@192.168.1.20: Permission denied (publickey,password,keyboard-interactive).
 */
export async function askLan(
  local: Host,
  { lanAddress }: SshHostConfig,
  ssh: Promise<SshConfig | ErrorInfo>,
  signal: AbortSignal,
): Promise<LanAnswer | null> {
  const config = await ssh
  if (lanAddress === null || 'code' in config || config.hostname === lanAddress) return null
  const argv: Argv = [
    'ssh',
    ...['-F', '/dev/null', '-T'],
    ...['BatchMode=yes', 'PreferredAuthentications=none', 'PubkeyAuthentication=no'].flatMap(
      asOption,
    ),
    ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'].flatMap(asOption),
    ...['GlobalKnownHostsFile=/dev/null', 'ConnectTimeout=3', 'LogLevel=ERROR'].flatMap(asOption),
    ...['-l', config.user, '-p', String(config.port), '--', lanAddress, 'true'],
  ]
  try {
    const output = await local.run(argv, { timeoutMs: limitMs, signal })
    const listed = /Permission denied \(([^)]*)\)/.exec(output.stderr)?.[1]
    const base = { kind: 'ssh', address: lanAddress, account: config.user } as const
    if (listed !== undefined) return { ...base, methods: listed.split(',') }
    if (output.exitCode === 0) return { ...base, methods: ['none'] }
    return { kind: 'silent', detail: output.stderr.trim() }
  } catch (error) {
    if (error instanceof HostError && error.kind === 'timeout') {
      return { kind: 'silent', detail: error.message }
    }
    throw error
  }
}

function asOption(option: string): string[] {
  return ['-o', option]
}

/**
 * macOS 26 answers SSH before the disk is unlocked after a restart, and takes passwords only then: no key works until somebody has
 * logged in.
 */
export function isPasswordOnly(methods: readonly string[]): boolean {
  return methods.includes('password') || methods.includes('keyboard-interactive')
    ? !methods.includes('publickey')
    : false
}
