import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { pingPeer } from '../../main/tailnet/cli.ts'
import type { FleetEvent } from '../../preload/contract/fleet.ts'
import { makeClientHome, startFarSshd } from '../real/support/far-sshd.ts'
import { type OwnMachine, ownMachine, studioConfig, visit } from '../real/support/own-machine.ts'
import { startTailnet, type TailnetNode, untilDirect } from '../real/support/tailnet.ts'
import { startAppAt } from '../real/support/tailnet-app.ts'
import { pidOf } from './core.ts'
import { shown } from './link.ts'
import { cpuSecondsOfTree, type Figure, median, pause, timed } from './measure.ts'

const visitRounds = 10
const cutRounds = 10
const watchMinutes = 3

/** The doctor, the page and the watch over a real tailnet; see test/real/support/tailnet.ts. */
export async function measureDoctor(browser: Browser): Promise<Figure[]> {
  const tailnet = await startTailnet('laptop', 'studio')
  try {
    const [own, far] = [tailnet.node('laptop'), tailnet.node('studio')]
    const sshd = await startFarSshd(tailnet, far)
    const homeDir = makeClientHome(tailnet, { far, sshd })
    await untilDirect(own, far)
    const here = ownMachine(own, homeDir)
    const figures = await measureVisits(here, far)
    await here.local.close()
    figures.push(...(await measureCut(browser, own, far, homeDir)))
    figures.push(...(await measureWatch(own, tailnet.scratchDir)))
    return figures
  } finally {
    await tailnet.close()
  }
}

async function measureVisits(here: OwnMachine, far: TailnetNode): Promise<Figure[]> {
  const doctor: number[] = []
  const ssh: number[] = []
  const ping: number[] = []
  await visit(here)
  for (let round = 0; round < visitRounds; round++) {
    const { last, totalMs } = await visit(here)
    if (last.brokenStepId !== null) throw new Error(`broken: ${last.brokenStepId}`)
    doctor.push(totalMs)
    ssh.push(await timed(() => plainSsh(here)))
    ping.push(await timed(() => pingPeer(here.local, far.address)))
  }
  const group = 'Doctor on a healthy host in a tailnet'
  const [whole, plain, pong] = [doctor, ssh, ping].map(median) as [number, number, number]
  const figure = (what: string, value: number, unit: Figure['unit'], most: number | null) => ({
    ...{ group, what, value, unit, most },
  })
  return [
    figure(`all its steps, median of ${visitRounds}`, whole, 'ms', null),
    figure(`\`ssh HOST true\`, median of ${visitRounds}`, plain, 'ms', null),
    figure(`\`tailscale ping\`, median of ${visitRounds}`, pong, 'ms', null),
    figure('doctor without a ping against `ssh HOST true`', (whole - pong) / plain, 'times', 1.5),
  ]
}

function plainSsh({ env }: OwnMachine): Promise<void> {
  const home = join(env.HOME ?? '', '.ssh')
  const options = [`UserKnownHostsFile=${home}/known_hosts`, 'BatchMode=yes']
  const args = ['-F', `${home}/config`, ...options.flatMap((one) => ['-o', one]), 'studio', 'true']
  const child = spawn('ssh', args, { env, stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ssh: ${code}`))))
  })
}

/** A cable is pulled while the page is open; ten times, at another moment between two answers each time. */
async function measureCut(
  browser: Browser,
  own: TailnetNode,
  far: TailnetNode,
  homeDir: string,
): Promise<Figure[]> {
  const app = await startAppAt(own, homeDir, [studioConfig])
  const page = await browser.newPage({ viewport: { width: 460, height: 1000 } })
  try {
    const answers = watchAnswers(page)
    await page.goto(app.link)
    const [sinceCut, sinceAnswer]: [number[], number[]] = [[], []]
    for (let round = 0; round < cutRounds; round++) {
      await shown(page, 'Studio: Live', 60_000)
      await pause(3_000 + round * 100)
      const cutAt = Date.now()
      far.cut()
      const saidAt = await shown(page, 'Studio: No answer', 20_000)
      sinceCut.push(saidAt - cutAt)
      sinceAnswer.push(saidAt - answers.last())
      far.mend()
    }
    const group = 'Page, a host of the tailnet vanishes while the popover is open'
    const longest = `longest of ${cutRounds}`
    return [
      {
        ...{ group, what: `from the pulled cable to "no answer", ${longest}` },
        ...{ value: Math.max(...sinceCut), unit: 'ms', most: 3_000 },
      },
      {
        ...{ group, what: `from the pulled cable to "no answer", median of ${cutRounds}` },
        ...{ value: median(sinceCut), unit: 'ms', most: null },
      },
      {
        ...{ group, what: `from the last answer to "no answer", ${longest}` },
        ...{ value: Math.max(...sinceAnswer), unit: 'ms', most: null },
      },
    ]
  } finally {
    await page.close()
    await app.close()
  }
}

/** When the Studio last answered, by what reaches the page. */
function watchAnswers(page: Page): { last(): number } {
  let last = 0
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const at = answeredAt(String(payload))
      if (at !== null) last = at
    }),
  )
  return { last: () => last }
}

function answeredAt(frame: string): number | null {
  let event: FleetEvent | undefined
  try {
    event = JSON.parse(frame)?.p?.d?.json
  } catch {
    return null
  }
  const hosts = event?.kind === 'snapshot' ? event.state.hosts : event?.hosts
  const at = hosts?.find(({ id }) => id === studioConfig.id)?.link?.lastAnswerAt
  return at == null ? null : Date.parse(at)
}

/** The whole app with nobody looking and no host: all it does is ask Tailscale. Beside it the same where there is none. */
async function measureWatch(own: TailnetNode, homeDir: string): Promise<Figure[]> {
  const [withTailscale, without] = [await idleCpu(own, homeDir), await idleCpu(null, homeDir)]
  const group = 'Core, nobody looks, no host'
  const figure = (what: string, value: number): Figure => ({
    ...{ group, what, value, unit: 's/min', most: null },
  })
  return [
    figure('CPU with Tailscale, its command line included', withTailscale),
    figure('CPU without Tailscale', without),
    figure('watching the tailnet', withTailscale - without),
  ]
}

/** CPU seconds a minute. */
async function idleCpu(own: TailnetNode | null, homeDir: string): Promise<number> {
  const app = await startAppAt(own, homeDir, [])
  try {
    await pause(15_000)
    const pid = pidOf()
    const before = cpuSecondsOfTree(pid)
    await pause(watchMinutes * 60_000)
    return (cpuSecondsOfTree(pid) - before) / watchMinutes
  } finally {
    await app.close()
  }
}
