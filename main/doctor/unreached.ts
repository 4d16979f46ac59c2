import type { ErrorCode, ErrorInfo, Message } from '../../preload/contract/base.ts'
import { policyPage } from '../tailnet/pages.ts'
import { addressOf, peerOf } from '../tailnet/peers.ts'
import { checkNetworkHere, hasNetwork, noInternetHere, ownNetworkOf } from './own-network.ts'
import { platformOf } from './platform.ts'
import { doIt, readIt, runIt } from './remedies.ts'
import { silenceOf, sleepOf, wakeRemedies } from './sleep.ts'
import { type Outcome, outcome } from './step.ts'
import type { Visit } from './visit.ts'

/** What a computer without a network comes to, whatever it asks for. */
const unreached: readonly ErrorCode[] = [
  ...(['timeout', 'unreachable', 'unknown-host-name', 'proxy-failed'] as const),
]

/** Where this computer has no network at all: nothing else needs to be looked for. Null where it has one. */
export async function judgeWithoutNetwork(
  visit: Visit,
  params: NonNullable<Message['params']>,
  { code, detail }: ErrorInfo,
): Promise<Outcome | null> {
  const isReachable = hasNetwork(visit) || (await visit.ping)?.result.kind === 'pong'
  if (isReachable || !unreached.includes(code)) return null
  return outcome(
    'failed',
    { key: 'doctor.tcp.no-network', params },
    {
      meaning: { key: 'doctor.meaning.no-network-here' },
      remedies: [checkNetworkHere],
      detail: detail ?? null,
    },
  )
}

/** No answer at all. What Tailscale's ping said tells a sleeping machine from a closed door. */
export async function silent(visit: Visit, found: Message, error: ErrorInfo): Promise<Outcome> {
  const { name } = visit.config
  const detail = error.detail ?? null
  const ping = await visit.ping
  const causes = await silentCauses(visit)
  if (ping?.result.kind === 'pong') {
    return outcome('failed', found, {
      meaning: { key: 'doctor.meaning.pings-only', params: { name } },
      causes,
      remedies: [
        readIt('doctor.remedy.tailnet-policy', policyPage),
        runIt('on-host', 'doctor.remedy.shields-down', 'tailscale set --shields-up=false'),
        ...(platformOf(visit) === 'linux' ? [] : [doIt('on-host', 'doctor.remedy.block-all')]),
      ],
      detail,
    })
  }
  const isSleeping = sleepOf(visit).kind !== 'never'
  const other = await tailnetAddress(visit)
  return outcome('failed', found, {
    meaning: silenceOf(visit),
    causes,
    remedies: [
      ...(other === null
        ? []
        : [doIt('here', 'doctor.remedy.use-tailnet', { name, address: other })]),
      ...(isSleeping ? wakeRemedies(visit) : []),
      doIt('on-host', 'doctor.remedy.go-there', { name }),
    ],
    detail,
  })
}

/** Why nothing may come back, the most likely first. */
export async function silentCauses(visit: Visit): Promise<Message[]> {
  const params = { name: visit.config.name }
  const ping = await visit.ping
  if (ping?.result.kind === 'pong') {
    return [
      { key: 'doctor.cause.tailnet-policy', params },
      { key: 'doctor.cause.shields-up', params },
      ...(platformOf(visit) === 'linux' ? [] : [{ key: 'doctor.cause.block-all', params }]),
    ]
  }
  const sleep = sleepOf(visit)
  const [own, isThroughTailnet] = await Promise.all([ownNetworkOf(visit), visit.isThroughTailnet])
  const isCutOff = own === 'cut-off'
  return [
    ...(isCutOff ? [noInternetHere] : []),
    ...(sleep.kind === 'sleeps' ? [{ key: 'doctor.cause.asleep', params }] : []),
    ...(sleep.kind === 'unknown' ? [{ key: 'doctor.cause.maybe-asleep', params }] : []),
    { key: 'doctor.cause.switched-off', params },
    ...(isThroughTailnet ? [] : [{ key: 'doctor.cause.other-network', params }]),
    { key: 'doctor.cause.firewall', params },
    ...(isThroughTailnet && !isCutOff ? [noInternetHere] : []),
  ]
}

/** Where a Host that was looked for elsewhere could be reached through the tailnet, as far as that claims. */
async function tailnetAddress({
  tailnet,
  config,
  isThroughTailnet,
}: Visit): Promise<string | null> {
  const [reading, isThrough] = await Promise.all([tailnet, isThroughTailnet])
  if (reading.kind === 'unknown' || reading.value.state !== 'running' || isThrough) return null
  const peer = peerOf(reading.value, { nodeId: config.tailnetNodeId, target: null })
  return peer?.isOnline === true ? addressOf(peer) : null
}

/** A name of the tailnet is mostly misspelt by nobody: this computer does not ask Tailscale for names. */
export async function noName(
  visit: Visit,
  params: { name: string; address: string },
  detail: string | null,
): Promise<Outcome> {
  const peer = await visit.peer
  const address = peer === null ? await tailnetAddress(visit) : addressOf(peer)
  const renamed = await visit.renamed
  return outcome(
    'failed',
    { key: 'doctor.tcp.no-name', params },
    {
      causes:
        peer === null
          ? [
              { key: 'doctor.cause.misspelt', params },
              { key: 'doctor.cause.name-of-other-network' },
              { key: 'doctor.cause.magic-dns' },
            ]
          : renamed !== null
            ? [{ key: 'doctor.cause.renamed', params: renamed }]
            : [{ key: 'doctor.cause.magic-dns-off' }],
      remedies: [
        ...(address === null
          ? []
          : [doIt('here', 'doctor.remedy.use-tailnet', { name: params.name, address })]),
        doIt('here', 'doctor.remedy.check-name', params),
      ],
      detail,
    },
  )
}
