import { describe, expect, it } from 'vitest'
import type { TailnetView } from '../../../../main/connect/ssh-config/whereabouts.ts'
import type { Tailnet } from '../../../../preload/contract/tailnet.ts'
import {
  hasSsh,
  makeConfigHome,
  sshHostNamed,
  startSshConfig,
} from '../../../support/ssh-config-home.ts'
import { studioPeer, tailnetOf } from '../../../support/tailnet-fixtures.ts'
import { until } from '../../../support/until.ts'

const oldName = 'mac-studio.tail1a2b3c.ts.net'
const renamed = tailnetOf({
  peers: [studioPeer({ name: 'atelier', dnsName: 'atelier.tail1a2b3c.ts.net' })],
})
const host = sshHostNamed('Mac Studio', {
  ...{ target: oldName, tailnetNodeId: 'nStudioCNTRL', alias: 'mac-studio-tailscale' },
})

function changingTailnet(first: Tailnet | null) {
  let now = first
  const listeners = new Set<() => void>()
  const view: TailnetView = {
    now: () => now,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    ...{ view, listeners },
    become(next: Tailnet | null) {
      now = next
      for (const listener of listeners) listener()
    },
  }
}

/** What ssh makes of a name, as far as it is about where that leads. */
const wayOf = (home: ReturnType<typeof makeConfigHome>, name = 'mac-studio-tailscale') =>
  home.resolve(name).filter((line) => /^(hostname|hostkeyalias) /.test(line))
const atAddress = (keyName: string) => [`hostkeyalias ${keyName}`, 'hostname 100.101.20.4']
const byName = [`hostname ${oldName}`]

describe.skipIf(!hasSsh)('a Host that was renamed in the tailnet', () => {
  it('is led to its address, with its key known under the old name, and back', async () => {
    const home = makeConfigHome()
    home.write('config', '')
    const tailnet = changingTailnet(tailnetOf())
    const { include, service } = await startSshConfig(home.homeDir, [host], {
      tailnet: tailnet.view,
    })
    await include()
    expect(wayOf(home)).toEqual(byName)
    tailnet.become(renamed)
    await until(() => wayOf(home).length === 2)
    expect(wayOf(home)).toEqual(atAddress(oldName))
    tailnet.become(tailnetOf())
    await until(() => wayOf(home).length === 1)
    expect(wayOf(home)).toEqual(byName)
    service.close()
    expect(tailnet.listeners.size).toBe(0)
  })

  it.each([
    ['nothing is known', null],
    ['Tailscale is stopped', { ...renamed, state: 'stopped' as const }],
    ['the tailnet is another one', { ...renamed, peers: [] }],
  ])('stays there after a restart while %s', async (_, unknown) => {
    const home = makeConfigHome()
    home.write('config', '')
    const first = await startSshConfig(home.homeDir, [host], {
      tailnet: changingTailnet(renamed).view,
    })
    await first.include()
    first.service.close()
    const tailnet = changingTailnet(unknown)
    const { service, setHosts } = await startSshConfig(home.homeDir, [host], {
      tailnet: tailnet.view,
    })
    await service.read()
    expect(wayOf(home)).toEqual(atAddress(oldName))

    // another target is another machine
    await setHosts([{ ...host, target: 'other.tail1a2b3c.ts.net' }])
    await service.read()
    expect(wayOf(home)).toEqual(['hostname other.tail1a2b3c.ts.net'])
  })

  it('keeps a port in the name of its key, and the name that the person gave that', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host mine\n  HostName mac-studio\n  HostKeyAlias the-key\n')
    const tailnet = changingTailnet(renamed).view
    const hosts = [
      { ...host, port: 2222 },
      { ...host, id: 'b', target: 'mine', alias: 'b' },
    ]
    const { include } = await startSshConfig(home.homeDir, hosts, { tailnet })
    await include()
    expect(wayOf(home)).toEqual(atAddress(`[${oldName}]:2222`))
    expect(wayOf(home, 'b')).toEqual(atAddress('the-key'))
  })

  it('is led there also where its alias is all that it is known by', async () => {
    const home = makeConfigHome()
    home.write('config', '')
    const tailnet = changingTailnet(renamed).view
    const own = { ...host, target: 'mac-studio', alias: 'mac-studio' }
    // by the name that the machine had when its peers called it so
    const { include } = await startSshConfig(home.homeDir, [own], { tailnet })
    await include()
    expect(wayOf(home, 'mac-studio')).toEqual(atAddress('mac-studio'))
    await include()
    expect(wayOf(home, 'mac-studio')).toEqual(atAddress('mac-studio'))
  })

  it('is left to a proxy, but for the one that is Tailscale', async () => {
    const home = makeConfigHome()
    home.write(
      'config',
      'Host jumped\n  HostName mac-studio\n  ProxyJump gate\nHost carried\n  HostName mac-studio\n  ProxyCommand tailscale nc %h %p\n',
    )
    const tailnet = changingTailnet(renamed).view
    const hosts = ['jumped', 'carried'].map((target) => ({
      ...{ ...host, id: target, target, alias: `my-${target}` },
    }))
    const { include } = await startSshConfig(home.homeDir, hosts, { tailnet })
    await include()
    expect(wayOf(home, 'my-jumped')).toEqual(['hostname mac-studio'])
    expect(wayOf(home, 'my-carried')).toEqual(atAddress('mac-studio'))
  })
})

describe('a Host that is added', () => {
  const { kind: _, id: __, ...added } = sshHostNamed('Mac Studio', { target: oldName })

  it('gets a free alias while our file is included, and none before', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host mac-studio-tailscale\n')
    const optedOut = sshHostNamed('Old')
    const { service, include, setHosts } = await startSshConfig(home.homeDir, [])
    expect(await service.aliasFor(added)).toBeNull()
    await include()
    await setHosts([optedOut])
    expect(await service.aliasFor(added)).toBe('mac-studio-tailscale-2')
    expect(await service.aliasFor({ ...added, alias: 'own' })).toBe('own')
    // a name of their own configuration is good as it is
    const target = 'mac-studio-tailscale'
    expect(await service.aliasFor({ ...added, target })).toBeNull()
  })
})

it('a Host with a value that ssh_config cannot hold is said, and left out alone', async () => {
  const home = makeConfigHome()
  home.write('config', '')
  const { include } = await startSshConfig(home.homeDir, [
    sshHostNamed('bad', { alias: 'bad', keyPath: '~/.ssh/key\nProxyCommand evil' }),
    sshHostNamed('good', { alias: 'good' }),
  ])
  const { unwritable, ownText } = await include()
  expect(unwritable).toEqual([{ hostId: 'bad', alias: 'bad' }])
  expect(ownText.match(/^Host .*/gm)).toEqual(['Host good'])
})
