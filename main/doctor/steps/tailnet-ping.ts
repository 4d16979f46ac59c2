import type { Message } from '../../../preload/contract/base.ts'
import { isPasswordOnly } from '../lan.ts'
import { checkNetworkHere, noInternetHere, ownNetworkOf } from '../own-network.ts'
import { platformOf } from '../platform.ts'
import { doIt, readIt, runIt } from '../remedies.ts'
import { silenceOf, sleepOf, wakeRemedies } from '../sleep.ts'
import { type DoctorStep, type Outcome, outcome } from '../step.ts'
import type { Visit } from '../visit.ts'

/** Passes where the Tailscale over there answers a ping by a direct path; by a relay it is a note. */
export const tailnetPing: DoctorStep = {
  id: 'tailnet-ping',
  isTailnet: true,
  async look(visit) {
    const [ping, peer] = await Promise.all([visit.ping, visit.peer])
    if (ping === null) {
      const isSilent = (await visit.tailnet).kind === 'unknown'
      const key = isSilent ? 'doctor.unknown.tailscale-silent' : 'doctor.tailnet-ping.not-asked'
      return outcome('unknown', { key })
    }
    const { result, durationMs } = ping
    const { name } = visit.config
    switch (result.kind) {
      case 'unknown':
        return outcome(
          'unknown',
          { key: 'doctor.tailnet-ping.unknown', params: { name } },
          { detail: result.detail, durationMs },
        )
      case 'no-answer':
        return { ...(await explain(visit)), detail: result.detail, durationMs }
      case 'pong': {
        const { latencyMs, path } = result
        const region = result.region ?? peer?.relayRegion ?? '–'
        if (path === 'direct') {
          const params = { name, latencyMs }
          return outcome('passed', { key: 'doctor.tailnet-ping.direct', params }, { durationMs })
        }
        return outcome(
          'attention',
          { key: `doctor.tailnet-ping.${path}`, params: { name, latencyMs, region } },
          {
            durationMs,
            meaning: { key: 'doctor.meaning.relayed' },
            causes: [{ key: 'doctor.cause.udp-blocked' }, { key: 'doctor.cause.hard-nat' }],
            remedies: [
              readIt('doctor.remedy.direct-path', 'https://tailscale.com/kb/1257/connection-types'),
              runIt('here', 'doctor.remedy.netcheck', 'tailscale netcheck'),
            ],
          },
        )
      }
    }
  },
}

/** Nobody answered: what the local network says of it, and what was known of the Host before. */
async function explain(visit: Visit): Promise<Outcome> {
  const { name } = visit.config
  const [lan, own] = await Promise.all([visit.lan(), ownNetworkOf(visit)])
  const isCutOff = own !== 'fine'
  const causeHere = isCutOff ? [noInternetHere] : []
  const helpHere = isCutOff ? [checkNetworkHere] : []
  const found = { key: 'doctor.tailnet-ping.no-answer', params: { name } }
  if (lan?.kind === 'ssh') {
    const { address, account, methods } = lan
    const command = `ssh ${account}@${address}`
    const params = { name, address, account }
    if (isPasswordOnly(methods)) {
      return outcome('failed', found, {
        meaning: { key: 'doctor.meaning.filevault', params },
        causes: [
          { key: 'doctor.cause.filevault', params },
          { key: 'doctor.cause.password-only', params },
          ...causeHere,
        ],
        remedies: [
          runIt('here', 'doctor.remedy.unlock-filevault', command, params),
          doIt('on-host', 'doctor.remedy.unlock-there', { name }),
          ...helpHere,
        ],
      })
    }
    const goByLan = runIt('here', 'doctor.remedy.go-by-lan', command, params)
    const startThere = doIt('on-host', 'doctor.remedy.start-tailscale-there', { name })
    return outcome('failed', found, {
      meaning: { key: `doctor.meaning.alive-in-lan${isCutOff ? '-cut-off' : ''}`, params },
      causes: [
        ...causeHere,
        { key: 'doctor.cause.tailscale-off-there', params: { name } },
        { key: 'doctor.cause.switched-account', params: { name } },
      ],
      remedies: isCutOff ? [goByLan, ...helpHere, startThere] : [startThere, goByLan],
    })
  }
  const sleep = sleepOf(visit)
  const causes: Message[] = [...causeHere]
  if (sleep.kind === 'sleeps') causes.push({ key: 'doctor.cause.asleep', params: { name } })
  if (sleep.kind === 'unknown') causes.push({ key: 'doctor.cause.maybe-asleep', params: { name } })
  causes.push({ key: 'doctor.cause.switched-off', params: { name } })
  if (platformOf(visit) !== 'linux') {
    causes.push({ key: 'doctor.cause.filevault-wait', params: { name } })
  }
  causes.push({ key: 'doctor.cause.no-network-there', params: { name } })
  causes.push({ key: 'doctor.cause.tailscale-off-there', params: { name } })
  // a line that was cut just now is not noticed yet
  if (!isCutOff) causes.push(noInternetHere)
  const there = doIt('on-host', 'doctor.remedy.go-there', { name })
  return outcome('failed', found, {
    meaning: isCutOff ? { key: 'doctor.meaning.cut-off', params: { name } } : silenceOf(visit),
    causes,
    remedies: [...helpHere, ...(sleep.kind === 'never' ? [] : wakeRemedies(visit)), there],
  })
}
