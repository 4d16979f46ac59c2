import type { Message } from '../../../preload/contract/base.ts'
import type { Stop } from '../attempt.ts'
import { platformOf } from '../platform.ts'
import { doIt, runIt, turnOnRemoteLogin } from '../remedies.ts'
import { type DoctorStep, type Outcome, outcome } from '../step.ts'
import { unforeseen } from '../unforeseen.ts'
import { judgeWithoutNetwork, noName, silent, silentCauses } from '../unreached.ts'
import { isErrorInfo, type Visit } from '../visit.ts'

/** Passes where a TCP connection to the SSH port, or the program in its place, stands. */
export const tcp: DoctorStep = {
  id: 'tcp',
  async look(visit) {
    const hop = await visit.attempt.hop('tcp')
    if (hop.kind === 'stopped') return explain(visit, hop.stop)
    const { state, detail, durationMs } = hop.step
    const isByNetcat = detail?.startsWith('/') === true
    if (state === 'passed' && !isByNetcat) {
      const name = await visit.attempt.hop('name')
      const nameMs = name.kind === 'done' ? (name.step.durationMs ?? 0) : 0
      const renamed = await visit.renamed
      const isFollowed = renamed !== null && detail?.startsWith(`${renamed.address}:`) === true
      return outcome(
        'passed',
        isFollowed
          ? { key: 'doctor.tcp.renamed', params: { ...renamed, address: detail } }
          : { key: 'doctor.tcp.passed', params: { address: detail } },
        { durationMs: durationMs === null ? null : durationMs + nameMs },
      )
    }
    // a program carries the bytes: that it started says nothing, that the server was heard through it does
    const ssh = await visit.attempt.hop('ssh')
    const stop = ssh.kind === 'stopped' && ssh.stop.at === 'ssh' ? ssh.stop : null
    if (stop !== null) {
      const isEnded = ['not-ssh', 'closed-by-host'].includes(stop.error.code)
      // the words may be the program's own: `tailscale nc` says "Logged out." where the server would speak
      if (isEnded && !isByNetcat) return uncertain(detail, stop)
      if (!isEnded && stop.error.code !== 'no-common-algorithm') return explain(visit, stop)
    }
    if (!isByNetcat)
      return outcome('passed', { key: 'doctor.tcp.proxied', params: { via: detail } })
    return outcome(
      'attention',
      { key: 'doctor.tcp.by-netcat' },
      { meaning: { key: 'doctor.meaning.local-network' }, remedies: [allowLocalNetwork] },
    )
  },
}

function uncertain(via: string | null, { error }: Stop): Outcome {
  const found = { key: 'doctor.tcp.uncertain', params: { via } }
  return outcome('unknown', found, { detail: error.detail ?? null })
}

const allowLocalNetwork = {
  ...doIt('here', 'doctor.remedy.local-network'),
  kind: 'open-settings' as const,
  target:
    'x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_LocalNetwork',
}

async function explain(visit: Visit, { error }: Stop): Promise<Outcome> {
  const { config } = visit
  const resolved = await visit.ssh
  const place = isErrorInfo(resolved)
    ? { address: config.target, port: config.port ?? 22 }
    : { address: resolved.hostname, port: resolved.port }
  const params = { name: config.name, ...place }
  const detail = error.detail ?? null
  const withoutNetwork = await judgeWithoutNetwork(visit, params, error)
  if (withoutNetwork !== null) return withoutNetwork
  switch (error.code) {
    case 'key-not-found':
      return outcome('unknown', { key: 'doctor.unknown.no-key-file' })
    case 'ssh-config':
      return outcome(
        'failed',
        { key: 'doctor.tcp.ssh-config', params: { target: config.target } },
        { remedies: [doIt('here', 'doctor.remedy.ssh-config')], detail },
      )
    case 'refused':
      return refused(visit, params, detail)
    case 'unknown-host-name':
      return noName(visit, params, detail)
    case 'local-network-denied':
      return outcome(
        'failed',
        { key: 'doctor.tcp.local-network', params },
        { meaning: { key: 'doctor.meaning.local-network' }, remedies: [allowLocalNetwork], detail },
      )
    case 'proxy-failed': {
      // `tailscale nc` and `nc` say so themselves
      if (/\brefused\b/i.test(detail ?? '')) return refused(visit, params, detail)
      const via = String(error.message.params?.via ?? '')
      return outcome(
        'failed',
        { key: 'doctor.tcp.proxy-failed', params: { via } },
        {
          meaning: { key: 'doctor.meaning.proxy-failed' },
          causes: await silentCauses(visit),
          remedies: error.remedy === undefined ? [] : [error.remedy],
          detail,
        },
      )
    }
    case 'timeout':
      return silent(visit, { key: 'doctor.tcp.timeout', params }, error)
    case 'unreachable':
    case 'closed-by-host':
      return silent(visit, { key: 'doctor.tcp.unreachable', params }, error)
    default:
      return unforeseen(error)
  }
}

/** The machine said no: it is there, but nothing listens. */
function refused(
  visit: Visit,
  params: { name: string; port: number },
  detail: string | null,
): Outcome {
  const isLinux = platformOf(visit) === 'linux'
  const isOtherPort = params.port !== 22
  const causes: Message[] = [
    { key: isLinux ? 'doctor.cause.sshd-off' : 'doctor.cause.remote-login-off', params },
  ]
  if (isOtherPort) causes.unshift({ key: 'doctor.cause.wrong-port', params })
  return outcome(
    'failed',
    { key: 'doctor.tcp.refused', params },
    {
      meaning: { key: 'doctor.meaning.refused', params },
      causes,
      remedies: [
        ...(isOtherPort ? [doIt('here', 'doctor.remedy.check-port')] : []),
        ...(isLinux ? startSshd : startRemoteLogin),
      ],
      detail,
    },
  )
}

const startSshd = [runIt('on-host', 'doctor.remedy.start-sshd', 'sudo systemctl start ssh')]
const startRemoteLogin = [
  turnOnRemoteLogin,
  runIt('on-host', 'doctor.remedy.remote-login-command', 'sudo systemsetup -setremotelogin on'),
]
