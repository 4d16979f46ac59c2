import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { destinationOf } from '../../../main/connect/destination.ts'
import { sshArguments, tools } from '../../../main/connect/tools.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import {
  hasSsh,
  makeConfigHome,
  sshHostNamed,
  startSshConfig,
} from '../../support/ssh-config-home.ts'
import { hasSshd, startSshd } from '../../support/sshd.ts'
import { studioPeer, tailnetOf } from '../../support/tailnet-fixtures.ts'

const oldName = 'mac-studio.tail1a2b3c.ts.net'
const address = '100.101.20.4'
const renamed = tailnetOf({
  peers: [studioPeer({ name: 'atelier', dnsName: 'atelier.tail1a2b3c.ts.net' })],
})

/** What each tool of the table is given, as words after `ssh`; the key of the message where it is refused. */
async function given(
  config: Partial<SshHostConfig>,
  { homeDir = '/nowhere', tailnet = null }: { homeDir?: string; tailnet?: Tailnet | null } = {},
): Promise<Record<string, string>> {
  const host = sshHostNamed('studio', { target: 'mac-studio', ...config })
  const options = { tailnet: async () => tailnet, homeDir, env: process.env }
  const entries = tools.map(async ({ id, takes }) => {
    const words = await destinationOf(host, takes, options).then(
      (destination) => sshArguments(destination).join(' '),
      (error) => `${error.info.message.key} ${Object.values(error.info.message.params).join(' ')}`,
    )
    return [id, words] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** The same for each tool of a kind: editors built on VS Code, Zed, terminals. */
const tellEach = (code: string, zed: string, terminals: string) => ({
  ...{ cursor: code, vscode: code, windsurf: code, zed },
  ...{ terminal: terminals, iterm2: terminals, ghostty: terminals, warp: terminals },
})

describe.skipIf(!hasSsh)('what a tool is told of a Host', () => {
  it('is its name, with the account that counts for the connection', async () => {
    expect(await given({ account: 'ana' })).toEqual(
      tellEach('ana@mac-studio', 'ana@mac-studio', 'ana@mac-studio'),
    )
    // as ssh -l ana bob@mac-studio
    const { cursor, terminal } = await given({ account: 'ana', target: 'bob@mac-studio' })
    expect([cursor, terminal]).toEqual(['ana@mac-studio', 'ana@mac-studio'])
  })

  it('is its port, where one goes in or ssh takes it anyway', async () => {
    const refused = 'connect.port-needs-alias 2222'
    expect(await given({ port: 2222 })).toEqual(
      tellEach(refused, '-p 2222 mac-studio', '-p 2222 mac-studio'),
    )
    const { homeDir, write } = makeConfigHome()
    write('config', 'Host mac-studio\n  Port 2222\n')
    expect((await given({ port: 2222 }, { homeDir })).cursor).toBe('mac-studio')
  })

  it('is its key, where one goes in or ssh offers it anyway', async () => {
    const { homeDir, write } = makeConfigHome()
    const keyPath = '~/.ssh/id_ed25519_studiolo'
    const refused = `connect.key-needs-alias ${keyPath}`
    const terminals = `-i ${keyPath} mac-studio`
    const all = tellEach(refused, refused, terminals)
    expect(await given({ keyPath }, { homeDir })).toEqual(all)

    const free = tellEach('mac-studio', 'mac-studio', terminals)
    write('config', `Host mac-studio\n  IdentityFile ${homeDir}/.ssh/id_ed25519_studiolo\n`)
    expect(await given({ keyPath }, { homeDir })).toEqual(free)
    write('config', 'Host another\n  IdentityFile ~/.ssh/id_ed25519_studiolo\n')
    expect(await given({ keyPath }, { homeDir })).toEqual(all)
  })

  it('is no key that ssh offers by default', async () => {
    const { homeDir, path, write } = makeConfigHome()
    for (const keyPath of ['~/.ssh/id_ed25519', path('id_ed25519')]) {
      const { cursor, zed } = await given({ keyPath }, { homeDir })
      expect([keyPath, cursor, zed]).toEqual([keyPath, 'mac-studio', 'mac-studio'])
    }
    // an IdentityFile takes the place of the defaults
    write('config', 'Host mac-studio\n  IdentityFile /another\n')
    const { cursor } = await given({ keyPath: '~/.ssh/id_ed25519' }, { homeDir })
    expect(cursor).toBe('connect.key-needs-alias ~/.ssh/id_ed25519')
  })
})

describe.skipIf(!hasSsh)('what a tool is told of a node that has another name by now', () => {
  const node = { target: oldName, tailnetNodeId: 'nStudioCNTRL' }

  it('is its address; a terminal keeps the name, on which configuration and host key hang', async () => {
    const there = `ana@${address}`
    const terminals = `-o HostName=${address} -o HostKeyAlias=${oldName} ana@${oldName}`
    expect(await given({ ...node, account: 'ana' }, { tailnet: renamed })).toEqual(
      tellEach(there, there, terminals),
    )
    const typed = { ...node, target: `ana@${oldName}` }
    expect(await given(typed, { tailnet: renamed })).toEqual(tellEach(there, there, terminals))
  })

  it('is the name as long as it is the node’s, or nothing is known', async () => {
    for (const tailnet of [tailnetOf(), tailnetOf({ ...renamed, state: 'stopped' }), null]) {
      expect(await given(node, { tailnet })).toEqual(tellEach(oldName, oldName, oldName))
    }
  })

  it('loses nothing of what the person’s configuration says of the name', async () => {
    const { homeDir, write } = makeConfigHome()
    const host = { ...node, target: 'studio' }
    const setting = { homeDir, tailnet: renamed }
    const terminals = `-o HostName=${address} -o HostKeyAlias=${oldName} studio`
    write('config', `Host studio\n  HostName ${oldName}\n  User ben\n`)
    const there = `ben@${address}`
    expect(await given(host, setting)).toEqual(tellEach(there, there, terminals))

    write('config', `Host studio\n  HostName ${oldName}\n  Port 2222\n`)
    const byPort = `-o HostName=${address} -o HostKeyAlias=[${oldName}]:2222 studio`
    expect(await given(host, setting)).toEqual(
      tellEach('connect.port-needs-alias 2222', `-p 2222 ${address}`, byPort),
    )

    write('config', `Host studio\n  HostName ${oldName}\n  IdentityFile /keys/studio\n`)
    const refused = 'connect.key-needs-alias /keys/studio'
    expect(await given(host, setting)).toEqual(tellEach(refused, refused, terminals))

    // names are the jump host's matter
    write('config', `Host studio\n  HostName ${oldName}\n  ProxyJump gate\n`)
    expect(await given(host, setting)).toEqual(tellEach('studio', 'studio', 'studio'))
  })

  it('is the alias where our file follows the node, else what holds without it', async () => {
    const { homeDir } = makeConfigHome()
    const host = { ...node, alias: 'mac-studio-tailscale', account: 'ana' }
    const view = (now: Tailnet) => ({ now: () => now, onChange: () => () => undefined })
    const write = async (tailnet: Tailnet) => {
      const config = sshHostNamed('studio', host)
      const app = await startSshConfig(homeDir, [config], { tailnet: view(tailnet) })
      await app.include()
      app.service.close()
    }
    await write(tailnetOf())
    const before = await given(host, { homeDir, tailnet: renamed })
    expect(before.cursor).toBe(`ana@${address}`)
    await write(renamed)
    const { alias } = host
    expect(await given(host, { homeDir, tailnet: renamed })).toEqual(tellEach(alias, alias, alias))
  })
})

describe.skipIf(!hasSsh || !hasSshd)('what a terminal runs for a renamed node', () => {
  it('reaches it, and finds its host key under the old name', async () => {
    await using sshd = await startSshd()
    const { homeDir, path, write } = makeConfigHome()
    const { account, port, keyPath } = sshd
    write('known_hosts', `[${oldName}]:${port} ${sshd.hostKey('ed25519')}\n`)
    const peers = [studioPeer({ name: 'atelier', dnsName: null, addresses: ['127.0.0.1'] })]
    const host = { target: oldName, tailnetNodeId: 'nStudioCNTRL', account, port, keyPath }
    const tailnet = () => tailnetOf({ peers })
    const env = process.env
    const destination = await destinationOf(sshHostNamed('studio', host), 'ssh-arguments', {
      ...{ tailnet, homeDir, env },
    })
    const settings = [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${path('known_hosts')}`,
    ]
    const args = ['-F', '/dev/null', ...settings.flatMap((one) => ['-o', one])]
    const said = execFileSync('ssh', [...args, ...sshArguments(destination), 'echo', 'there'], {
      encoding: 'utf8',
    })
    expect(said).toBe('there\n')
  })
})
