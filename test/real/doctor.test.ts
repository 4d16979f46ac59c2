import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DoctorStep, DoctorStepId } from '../../preload/contract/doctor.ts'
import { until } from '../support/until.ts'
import { makeKey } from './support/accounts.ts'
import { type FarSshd, makeClientHome, startFarSshd } from './support/far-sshd.ts'
import { type OwnMachine, ownMachine, visit } from './support/own-machine.ts'
import {
  type RealTailnet,
  startTailnet,
  type TailnetNode,
  untilDirect,
  untilReached,
} from './support/tailnet.ts'

const withinMs = 10_000

/** One thing broken at a time between this machine and a Studio in a real tailnet; each test mends what it broke. */
describe('the doctor in a real tailnet', () => {
  let tailnet: RealTailnet
  let own: TailnetNode
  let far: TailnetNode
  let sshd: FarSshd
  let here: OwnMachine
  const mend: (() => unknown)[] = []

  beforeAll(async () => {
    tailnet = await startTailnet('laptop', 'studio')
    ;[own, far] = [tailnet.node('laptop'), tailnet.node('studio')]
    sshd = await startFarSshd(tailnet, far)
    here = ownMachine(own, makeClientHome(tailnet, { far, sshd }))
    await untilDirect(own, far)
  })
  afterEach(async () => {
    for (const step of mend.splice(0)) await step()
    await untilDirect(own, far)
  })
  afterAll(async () => {
    await here?.local.close()
    await tailnet?.close()
  })

  /** What was found, once it is certain that nothing after the broken step looks well. */
  async function expectBroken(id: DoctorStepId, found: string): Promise<DoctorStep[]> {
    const { last, namedMs } = await visit(here)
    const { steps } = last
    expect([last.brokenStepId, statesOf(steps)]).toEqual([id, statesOf(steps)])
    const at = steps.findIndex((step) => step.id === id)
    expect(steps.slice(0, at).map(({ state }) => state)).not.toContain('failed')
    expect(steps.slice(at + 1).map(({ state }) => state)).toEqual(
      steps.slice(at + 1).map(() => 'skipped'),
    )
    expect(steps).toHaveLength(13)
    expect(steps[at]?.found?.key).toBe(found)
    expect(namedMs).toBeLessThan(withinMs)
    return steps
  }

  const statesOf = (steps: readonly DoctorStep[]) =>
    Object.fromEntries(steps.map(({ id, state }) => [id, state]))
  const stepOf = (steps: readonly DoctorStep[], id: DoctorStepId) =>
    steps.find((step) => step.id === id)

  /** Until Tailscale has noticed, both that the cable is gone and that it is back: it repeats what it was told before. */
  async function pullOwnCable(): Promise<void> {
    const untilOnline = (isOnline: boolean) =>
      until(() => JSON.parse(own.tailscale('status', '--json')).Self.Online === isOnline, {
        withinMs: 30_000,
      })
    mend.push(async () => {
      own.mend()
      await untilOnline(true)
    })
    own.cut()
    await untilOnline(false)
  }

  it('finds nothing broken where all is well', async () => {
    const { last } = await visit(here)
    expect([last.brokenStepId, statesOf(last.steps)]).toEqual([
      null,
      {
        'tailscale-installed': 'passed',
        'tailscale-running': 'passed',
        'tailscale-logged-in': 'passed',
        'same-tailnet': 'passed',
        'peer-known': 'passed',
        'tailnet-ping': 'passed',
        tcp: 'passed',
        'ssh-banner': 'passed',
        'host-key': 'passed',
        authentication: 'passed',
        'first-command': 'passed',
        'editor-server': 'passed',
        // there is no model server in this tailnet
        'model-port': 'attention',
      },
    ])
    expect(stepOf(last.steps, 'tailnet-ping')?.found?.key).toBe('doctor.tailnet-ping.direct')
    expect(stepOf(last.steps, 'ssh-banner')?.found?.params?.banner).toMatch(/^SSH-2\.0-OpenSSH/)
    expect(stepOf(last.steps, 'authentication')?.found?.params?.account).toBe(sshd.account.name)
  })

  it('names this machine’s own Tailscale where it does not run', async () => {
    await own.stop()
    mend.push(() => own.start())
    await expectBroken('tailscale-running', 'doctor.tailscale-running.not-running')
  })

  it('names this machine’s own Tailscale where it is switched off', async () => {
    own.tailscale('down')
    mend.push(() => own.tailscale('up'))
    await expectBroken('tailscale-running', 'doctor.tailscale-running.switched-off')
  })

  it('names the login where nobody is logged in', async () => {
    own.tailscale('logout')
    mend.push(() => own.logIn())
    await expectBroken('tailscale-logged-in', 'doctor.tailscale-logged-in.signed-out')
  })

  it('names the login where Headscale let the key expire', async () => {
    own.expireKey()
    mend.push(() => own.logIn())
    // it is told a moment later, and works until then
    await until(() => own.tailscale('status', '--json').includes('"NeedsLogin"'))
    await expectBroken('tailscale-logged-in', 'doctor.tailscale-logged-in.expired-at')
  })

  it('names this machine’s own network where its cable is pulled, and not the Studio', async () => {
    await pullOwnCable()
    const steps = await expectBroken('tailscale-running', 'doctor.tailscale-running.no-network')
    const { meaning, causes, remedies } = stepOf(steps, 'tailscale-running') ?? {}
    expect([meaning?.key, causes]).toEqual(['doctor.meaning.no-network-here', []])
    expect(remedies?.map(({ where, text }) => [where, text.key])).toEqual([
      ['here', 'doctor.remedy.check-network-here'],
    ])
  })

  it('looks at this machine first where only Tailscale shows that it is cut off', async () => {
    await pullOwnCable()
    // a virtual machine's bridge keeps its address, whatever the cable does
    const address = { address: '192.168.64.1', netmask: '255.255.255.0', family: 'IPv4' as const }
    const bridge = { ...address, mac: '', internal: false, cidr: '192.168.64.1/24' }
    const before = here
    here = { ...before, interfaces: () => ({ ...before.interfaces(), bridge100: [bridge] }) }
    mend.push(() => {
      here = before
    })
    const steps = await expectBroken('tailnet-ping', 'doctor.tailnet-ping.no-answer')
    const running = stepOf(steps, 'tailscale-running')
    expect([running?.state, running?.found?.key]).toEqual([
      'attention',
      'doctor.tailscale-running.no-server',
    ])
    expect(stepOf(steps, 'peer-known')?.found?.key).toBe('doctor.peer-known.stale')
    const { meaning, causes, remedies } = stepOf(steps, 'tailnet-ping') ?? {}
    expect([meaning?.key, causes?.[0]?.key, remedies?.[0]?.text.key]).toEqual([
      'doctor.meaning.cut-off',
      'doctor.cause.no-internet-here',
      'doctor.remedy.check-network-here',
    ])
  })

  it('names the ping where the Studio’s cable is pulled, with "online" as what Tailscale claims', async () => {
    far.cut()
    mend.push(() => far.mend())
    const steps = await expectBroken('tailnet-ping', 'doctor.tailnet-ping.no-answer')
    const known = stepOf(steps, 'peer-known')
    expect([known?.state, known?.found?.key, known?.meaning?.key]).toEqual([
      'passed',
      'doctor.peer-known.online',
      'doctor.meaning.claim',
    ])
    // with its age
    expect(known?.found?.params?.claimedAt).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it('names the ping where the Studio’s Tailscale ended', async () => {
    await far.stop()
    mend.push(() => far.start())
    await expectBroken('tailnet-ping', 'doctor.tailnet-ping.no-answer')
  })

  it('names TCP where the SSH server ended', async () => {
    await sshd.stop()
    mend.push(() => sshd.start())
    const steps = await expectBroken('tcp', 'doctor.tcp.refused')
    expect(stepOf(steps, 'tailnet-ping')?.state).toBe('passed')
  })

  it('names the host key where it is another one', async () => {
    const before = here
    sshd.changeHostKey()
    await sshd.start()
    mend.push(async () => {
      await before.local.close()
      here = ownMachine(own, makeClientHome(tailnet, { far, sshd }))
    })
    await expectBroken('host-key', 'doctor.host-key.changed')
  })

  it.each([
    ['refused by name', () => `DenyUsers ${sshd.account.name}`],
    ['not among those allowed', () => 'AllowUsers somebody-else'],
  ])('names the login where the account is %s', async (_, line) => {
    await sshd.start(line())
    mend.push(() => sshd.start())
    const steps = await expectBroken('authentication', 'doctor.authentication.refused')
    const causes = stepOf(steps, 'authentication')?.causes.map(({ key }) => key)
    expect(causes).toContain('doctor.cause.account-not-allowed')
  })

  it('names the login where the key is not the one that is accepted', async () => {
    const keyPath = join(tailnet.scratchDir, 'wrong-key')
    makeKey(keyPath, 'ed25519')
    const homeDir = makeClientHome(tailnet, { far, sshd, keyPath, name: 'wrong-key-home' })
    const right = here
    here = ownMachine(own, homeDir)
    mend.push(async () => {
      await here.local.close()
      here = right
    })
    const steps = await expectBroken('authentication', 'doctor.authentication.refused')
    const login = stepOf(steps, 'authentication')
    expect(login?.causes.map(({ key }) => key)).toContain('doctor.cause.key-not-there')
    expect(login?.found?.params?.offered).toContain(keyPath)
  })

  it('says "attention" where the path leads over a relay, and goes on', async () => {
    await own.stop()
    await own.start({ isRelayOnly: true })
    mend.push(async () => {
      await own.stop()
      await own.start()
    })
    await untilReached(own, far)
    const { last } = await visit(here)
    const ping = stepOf(last.steps, 'tailnet-ping')
    expect([ping?.state, ping?.found?.key, ping?.found?.params?.region]).toEqual([
      'attention',
      'doctor.tailnet-ping.relay',
      'studio',
    ])
    expect(last.brokenStepId).toBeNull()
    expect(stepOf(last.steps, 'first-command')?.state).toBe('passed')
  })
})
