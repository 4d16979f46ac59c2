import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AlertCandidate, AlertRule, AlertView, Seen } from '../../../main/alerts/alert.ts'
import { hostKey } from '../../../main/alerts/host-key.ts'
import { hostOffline } from '../../../main/alerts/host-offline.ts'
import { hostRelayed } from '../../../main/alerts/host-relayed.ts'
import { alertRules } from '../../../main/alerts/index.ts'
import { tailnetKey } from '../../../main/alerts/tailnet-key.ts'
import { tailnetSignedOut } from '../../../main/alerts/tailnet-signed-out.ts'
import { tailnetStopped } from '../../../main/alerts/tailnet-stopped.ts'
import { isTailnetTarget, viewOf } from '../../../main/alerts/view.ts'
import { wrongTailnet } from '../../../main/alerts/wrong-tailnet.ts'
import { loadWords } from '../../../main/node/words.ts'
import type { Message } from '../../../preload/contract/base.ts'
import type { Link } from '../../../preload/contract/hosts.ts'
import type { Reading } from '../../../preload/contract/readings.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { job, link, studioHost, thisMac } from '../../support/fleet-fixtures.ts'
import {
  node,
  studioConfig,
  studioPeer,
  tailnetNow,
  tailnetReading,
} from '../../support/tailnet-fixtures.ts'

const dir = join(import.meta.dirname, '../../..')
const words = loadWords(join(dir, 'resources'))
const idle = link({ state: 'idle', path: 'direct', roundTripMs: null, lastAnswerAt: null })

interface World {
  reading?: Reading<Tailnet>
  tailnet?: Partial<Tailnet>
  link?: Partial<Link>
  hosts?: SshHostConfig[]
  seen?: Partial<Seen>
  jobs?: AlertView['jobs']
  platform?: 'darwin' | 'linux'
}

/** A view as the watch makes it: a working tailnet with an idle Studio, but for what is given. */
function view(world: World = {}): AlertView {
  const hosts = world.hosts ?? [studioConfig()]
  const tailnet = world.reading ?? tailnetReading(world.tailnet)
  return viewOf(
    {
      ...{ revision: 1, alerts: [], tunnels: [], jobs: [...(world.jobs ?? [])] },
      hosts: [
        ...hosts.map(({ id, name }) => studioHost({ id, name, link: { ...idle, ...world.link } })),
        thisMac({ readings: { tailnet }, platform: world.platform ?? 'darwin' }),
      ],
    },
    { hosts },
    new Map([['studio', { wasOnline: true, wasDirect: false, tailnet: null, ...world.seen }]]),
    tailnetNow,
  )
}

/** What an alert says; each of its sentences is there in both languages, with all its facts. */
function said(candidate: AlertCandidate | undefined, language: 'en' | 'zh-CN' = 'en') {
  if (candidate === undefined) return null
  const { title, reason, remedy } = candidate
  for (const message of [title, reason, ...(remedy === null ? [] : [remedy.text])]) {
    for (const one of ['en', 'zh-CN'] as const) {
      const text = words(message, one, tailnetNow)
      expect(text).not.toBe(message.key)
      expect(text).not.toMatch(/\{\{|–/)
    }
  }
  const say = (message: Message) => words(message, language, tailnetNow)
  return { title: say(title), reason: say(reason) }
}

function judge(rule: AlertRule, world: World = {}): AlertCandidate | undefined {
  const candidates = rule.judge(view(world))
  expect(candidates?.length).toBeLessThan(2)
  const [candidate] = candidates ?? []
  said(candidate)
  return candidate
}

const noStudio: SshHostConfig[] = [
  studioConfig({ target: '192.168.1.20', tailnetNodeId: null }),
  studioConfig({ id: 'other', name: 'Other', target: 'other.local', tailnetNodeId: null }),
]
const daysFromNow = (days: number) => new Date(tailnetNow + days * 86_400_000).toISOString()
const signedOut = { state: 'needs-login' as const, self: null, peers: [] }

describe('alert rules', () => {
  it('are each in a file of their id, in the list', () => {
    const others = ['alert', 'index', 'key-expiry', 'view', 'watch']
    const files = readdirSync(join(dir, 'main/alerts')).map((name) => name.replace('.ts', ''))
    const ids = alertRules.map(({ id }) => id)
    expect(ids.toSorted()).toEqual(files.filter((name) => !others.includes(name)).toSorted())
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('have nothing to say of a tailnet that works', () => {
    for (const rule of alertRules) expect([rule.id, rule.judge(view())]).toEqual([rule.id, []])
  })

  it('cannot tell while Tailscale does not answer, and say nothing without it', () => {
    const at = daysFromNow(0)
    const detail = ''
    for (const rule of alertRules) {
      const silent = view({ reading: { kind: 'unknown', reason: 'timed-out', detail, at } })
      expect([rule.id, rule.judge(silent)]).toEqual([rule.id, null])
      const absent = view({ reading: { kind: 'unknown', reason: 'not-installed', detail, at } })
      expect([rule.id, rule.judge(absent)]).toEqual([rule.id, []])
    }
  })

  it('leave those in peace who reach nothing over the tailnet', () => {
    const troubles: Partial<Tailnet>[] = [
      signedOut,
      { state: 'stopped', self: null, peers: [] },
      { state: 'stopped', isDaemonRunning: false, self: null, peers: [] },
      { self: node({ keyExpiresAt: daysFromNow(1) }), peers: [] },
      { self: node({ isKeyExpired: true }), peers: [] },
      {
        peers: [
          studioPeer({ addresses: ['100.9.9.9'], name: 'phone', dnsName: null, isOnline: false }),
        ],
      },
    ]
    for (const rule of alertRules) {
      for (const tailnet of troubles) {
        for (const hosts of [[], noStudio]) {
          const found = rule.judge(view({ tailnet, hosts, seen: { tailnet: null } }))
          expect([rule.id, found]).toEqual([rule.id, []])
        }
      }
    }
  })
})

describe('a Studio of the tailnet', () => {
  it('is told by its target', () => {
    const isOne = [
      '100.101.20.4',
      'ana@100.64.0.1',
      '[fd7a:115c:a1e0::1]',
      'studio.tail1a2b3c.ts.net',
    ]
    expect(isOne.filter((target) => !isTailnetTarget(target))).toEqual([])
    const isNone = ['192.168.1.20', 'studio.local', 'studio', '100.200.1.1', 'ts.net.example.com']
    expect(isNone.filter(isTailnetTarget)).toEqual([])
  })

  it('is told by its machine there, by its node, or by having been there', () => {
    const named = studioConfig({ target: 'mac-studio', tailnetNodeId: null })
    expect(view({ hosts: [named] }).studios[0]?.peer?.id).toBe('nStudioCNTRL')
    const renamed = studioConfig({ target: 'old-name' })
    expect(view({ hosts: [renamed] }).studios[0]?.peer?.id).toBe('nStudioCNTRL')
    const gone = { hosts: [named], tailnet: signedOut }
    expect(view(gone).studios).toEqual([])
    const tailnet = { name: 'example.com', account: null }
    expect(view({ ...gone, seen: { tailnet } }).studios).toHaveLength(1)
  })
})

describe('tailnet-signed-out', () => {
  it('says who cannot be reached', () => {
    const alert = judge(tailnetSignedOut, { tailnet: signedOut })
    expect(alert).toMatchObject({
      ...{ id: 'tailnet-signed-out', severity: 'fail', hostId: null, action: 'tailnet-log-in' },
    })
    expect(said(alert)).toEqual({
      title: 'Tailscale is not logged in',
      reason:
        'This computer is not logged in to Tailscale, so Mac Studio cannot be reached over the tailnet.',
    })
    expect(said(alert, 'zh-CN')?.title).toBe('Tailscale 未登录')
  })

  it('says that an administrator has to approve', () => {
    const alert = judge(tailnetSignedOut, { tailnet: { state: 'needs-machine-auth' } })
    expect(alert).toMatchObject({ action: null, remedy: { kind: 'do', where: 'here' } })
    expect(said(alert)?.title).toBe('This computer is waiting for approval')
  })

  it('leaves an expired key to the rule for it', () => {
    const tailnet = { state: 'needs-login' as const, self: node({ isKeyExpired: true }) }
    expect(judge(tailnetSignedOut, { tailnet })).toBeUndefined()
    expect(judge(tailnetKey, { tailnet })?.id).toBe('tailnet-key-expired')
  })

  it('is quiet while the person logs in', () => {
    const jobs = [job({ kind: 'tailnet-log-in', hostId: 'this-machine', state: 'running' })]
    expect(judge(tailnetSignedOut, { tailnet: signedOut, jobs })?.isQuiet).toBe(true)
  })
})

describe('tailnet-stopped', () => {
  const stopped = { state: 'stopped' as const, self: null, peers: [] }

  it('offers to start what was stopped', () => {
    const alert = judge(tailnetStopped, { tailnet: stopped })
    expect(alert).toMatchObject({ severity: 'fail', action: 'tailnet-up', isQuiet: false })
    expect(said(alert)?.title).toBe('Tailscale is not connected')
  })

  it('tells a service that does not run, and how this one is started', () => {
    const target = (world: World) => judge(tailnetStopped, world)?.remedy?.target
    const dead = { ...stopped, isDaemonRunning: false }
    expect(target({ tailnet: dead })).toBe('open -a Tailscale')
    const daemon = { ...dead, variant: 'daemon' as const }
    expect(target({ tailnet: daemon })).toBe('sudo brew services start tailscale')
    const linux = { tailnet: daemon, platform: 'linux' as const }
    expect(target(linux)).toBe('sudo systemctl start tailscaled')
    expect(judge(tailnetStopped, linux)?.action).toBeNull()
  })

  it('is quiet about what the person stopped here', () => {
    const jobs = [job({ kind: 'tailnet-down', hostId: 'this-machine', state: 'done' })]
    expect(judge(tailnetStopped, { tailnet: stopped, jobs })?.isQuiet).toBe(true)
  })

  it('does not disturb while the Studio answers in the local network', () => {
    expect(
      judge(tailnetStopped, { tailnet: stopped, link: { state: 'live', path: 'lan' } }),
    ).toBeUndefined()
  })
})

describe('tailnet-key', () => {
  it.each([
    [13.9, 'tailnet-key-soon', 'attention'],
    [14.1, undefined, undefined],
    [-0.1, 'tailnet-key-expired', 'fail'],
  ] as const)('%s days before the end', (days, id, severity) => {
    const alert = judge(tailnetKey, {
      tailnet: { self: node({ keyExpiresAt: daysFromNow(days) }) },
    })
    expect([alert?.id, alert?.severity]).toEqual([id, severity])
  })

  it('says when', () => {
    const self = node({ keyExpiresAt: daysFromNow(3) })
    const alert = judge(tailnetKey, { tailnet: { self } })
    expect(said(alert)?.title).toBe('This computer’s tailnet key expires in 3 days')
    expect(said(alert, 'zh-CN')?.title).toBe('这台电脑的 Tailnet 密钥将在 3 天后过期')
  })
})

describe('host-key', () => {
  it('warns of a Studio that will leave the tailnet, and of one that has', () => {
    const soon = studioPeer({ keyExpiresAt: daysFromNow(2) })
    const alert = judge(hostKey, { tailnet: { peers: [soon] } })
    expect(alert).toMatchObject({ id: 'host-key-soon/studio', hostId: 'studio' })
    expect(said(alert)?.title).toBe('The tailnet key of Mac Studio expires in 2 days')
    const expired = studioPeer({
      keyExpiresAt: daysFromNow(-2),
      isKeyExpired: true,
      isOnline: false,
    })
    const world = { tailnet: { peers: [expired] } }
    expect(judge(hostKey, world)).toMatchObject({ id: 'host-key-expired/studio', severity: 'fail' })
    expect(judge(hostOffline, world)).toBeUndefined()
  })
})

describe('host-offline', () => {
  const offline = {
    tailnet: { peers: [studioPeer({ isOnline: false, lastSeenAt: daysFromNow(-0.25) })] },
  }

  it('says what Tailscale claims, as its claim', () => {
    const alert = judge(hostOffline, offline)
    expect(alert).toMatchObject({ id: 'host-offline/studio', action: 'doctor', isQuiet: false })
    expect(said(alert)?.reason).toMatch(/^Tailscale last saw Mac Studio 6 h ago\./)
  })

  it('believes an answer more than the claim', () => {
    const answers = { ...offline, link: { state: 'live' as const, path: 'tailnet' as const } }
    expect(judge(hostOffline, answers)).toBeUndefined()
  })

  it('tells silence although Tailscale calls it online', () => {
    const lastAnswerAt = daysFromNow(-1 / 24 / 60)
    const alert = judge(hostOffline, { link: { state: 'unreachable', lastAnswerAt } })
    expect(said(alert)?.reason).toMatch(/Its last answer came 60 s ago\.$/)
  })

  it('is not about a machine that answers, but refuses', () => {
    const problem = { code: 'auth' as const, message: { key: 'error.auth' } }
    expect(judge(hostOffline, { link: { state: 'unreachable', problem } })).toBeUndefined()
  })

  it('is quiet about one that was off all along', () => {
    expect(judge(hostOffline, { ...offline, seen: { wasOnline: false } })?.isQuiet).toBe(true)
  })

  it('blames nobody while this machine has no network', () => {
    const tailnet = { ...offline.tailnet, self: node({ isOnline: false }) }
    expect(judge(hostOffline, { tailnet })).toBeUndefined()
  })
})

describe('host-relayed', () => {
  const relayed = { tailnet: { peers: [studioPeer({ path: 'relay', relayRegion: 'fra' })] } }

  it('tells a path that was direct', () => {
    const alert = judge(hostRelayed, { ...relayed, seen: { wasDirect: true } })
    expect(alert).toMatchObject({ id: 'host-relayed/studio', severity: 'attention' })
    expect(said(alert)?.reason).toContain('relay “fra”')
  })

  it('has nothing to say of one that is gone, to which Tailscale still tries its relay', () => {
    const seen = { wasDirect: true }
    const tailnet = { peers: [studioPeer({ path: 'relay', isOnline: false })] }
    expect(judge(hostRelayed, { tailnet, seen })).toBeUndefined()
    const link = { ...idle, state: 'unreachable' as const }
    expect(judge(hostRelayed, { ...relayed, link, seen })).toBeUndefined()
  })

  it('has nothing to say of one that never was, is idle, or goes over a relay of one’s own', () => {
    expect(judge(hostRelayed, relayed)).toBeUndefined()
    for (const path of ['idle', 'peer-relay'] as const) {
      const tailnet = { peers: [studioPeer({ path })] }
      expect(judge(hostRelayed, { tailnet, seen: { wasDirect: true } })).toBeUndefined()
    }
  })
})

describe('wrong-tailnet', () => {
  const elsewhere: Partial<Tailnet> = {
    ...{ tailnetName: 'home.example', loginName: 'ana@home.example', peers: [] },
    self: node({ dnsName: 'laptop.tail9z8y7x.ts.net' }),
  }

  it('names both tailnets where the Studio was seen in the other', () => {
    const seen = { tailnet: { name: 'example.com', account: 'ana@example.com' } }
    const alert = judge(wrongTailnet, { tailnet: elsewhere, seen })
    expect(alert).toMatchObject({ id: 'wrong-tailnet/studio', severity: 'fail', action: null })
    expect(said(alert)?.reason).toBe(
      'Tailscale is logged in to home.example, but Mac Studio belongs to example.com. Switch the account in Tailscale to reach it.',
    )
  })

  it('still knows the other one after a restart, from the settings', () => {
    const hosts = [studioConfig({ tailnetName: 'example.com' })]
    const alert = judge(wrongTailnet, { tailnet: elsewhere, hosts })
    expect(alert).toMatchObject({ id: 'wrong-tailnet/studio', severity: 'fail', action: null })
    expect(said(alert)?.reason).toContain('but Mac Studio belongs to example.com')
    const here = { ...elsewhere, tailnetName: 'example.com', self: node() }
    expect(said(judge(wrongTailnet, { tailnet: here, hosts }))?.title).toBe(
      'Mac Studio is not in this tailnet',
    )
  })

  it('knows the other one by the name in the target', () => {
    const hosts = [studioConfig({ target: 'mac-studio.tail1a2b3c.ts.net', tailnetNodeId: null })]
    const alert = judge(wrongTailnet, { tailnet: elsewhere, hosts })
    expect(said(alert)?.reason).toContain('belongs to tail1a2b3c.ts.net')
  })

  it('says no more than that the Studio is not there where nothing else is known', () => {
    const alert = judge(wrongTailnet, { tailnet: elsewhere })
    expect(alert).toMatchObject({ id: 'wrong-tailnet/studio', action: 'doctor' })
    expect(said(alert)?.title).toBe('Mac Studio is not in this tailnet')
    expect(
      judge(hostOffline, { tailnet: elsewhere, link: { state: 'unreachable' } }),
    ).toBeUndefined()
  })

  it('has nothing to say of a Studio that is shared into this tailnet', () => {
    const hosts = [studioConfig({ target: 'mac-studio.tail1a2b3c.ts.net' })]
    const tailnet = { ...elsewhere, peers: [studioPeer()] }
    expect(judge(wrongTailnet, { tailnet, hosts })).toBeUndefined()
  })
})
