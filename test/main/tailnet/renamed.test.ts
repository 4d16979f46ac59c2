/**
 * A real sshd whose name is gone from the tailnet: Tailscale, a script with a recorded form of answer, knows its node by another
 * name at 127.0.0.1. Whoever looks for it by the old name must get there, and know its key.
 */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { createRouterClient } from '@orpc/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { run, systemIo } from '../../../main/cli.ts'
import { systemClock } from '../../../main/core/clock.ts'
import type { Core } from '../../../main/core/create-core.ts'
import type { HostFactory, SettingsStore } from '../../../main/core/ports.ts'
import { formatSettings } from '../../../main/core/settings.ts'
import { createSettingsStore } from '../../../main/core/settings-store.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { createSshHost } from '../../../main/hosts/ssh.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import { defaultSettings, type SshHostConfig } from '../../../preload/contract/settings.ts'
import { createMemoryFile } from '../../support/memory-settings.ts'
import { silentLog } from '../../support/silent-log.ts'
import { carriers, createSshHome, type SshHome } from '../../support/ssh-home.ts'
import { hasSshd, startSshd, type TestSshd } from '../../support/sshd.ts'
import { createTestCore } from '../../support/test-core.ts'
import { until } from '../../support/until.ts'

const oldName = 'mac-studio.tail1a2b3c.ts.net'
const newName = 'atelier.tail1a2b3c.ts.net'
const alias = 'mac-studio-tailscale'

const status = {
  ...{ Version: '1.102.4', BackendState: 'Running', AuthURL: '', Health: [] },
  ...{ MagicDNSSuffix: 'tail1a2b3c.ts.net', TailscaleIPs: ['100.75.153.24'] },
  CurrentTailnet: { Name: 'example.com', MagicDNSSuffix: 'tail1a2b3c.ts.net' },
  Self: {
    ...{ ID: 'nSELFCNTRL', HostName: 'laptop', DNSName: 'laptop.tail1a2b3c.ts.net.', OS: 'linux' },
    ...{ TailscaleIPs: ['100.75.153.24'], Online: true },
  },
  Peer: {
    'nodekey:1': {
      ...{ ID: 'nSTUDIOCNTRL', HostName: 'Mac Studio', DNSName: `${newName}.`, OS: 'macOS' },
      ...{ TailscaleIPs: ['127.0.0.1'], Online: true, Active: true, CurAddr: '192.0.2.1:41641' },
    },
  },
}

const netcat =
  'const [host, port] = process.argv.slice(1); const to = require("net").connect(port, host); process.stdin.pipe(to).pipe(process.stdout)'

describe.skipIf(!hasSshd).each(carriers)(
  'a renamed Studio, over $carrier',
  ({ isAlwaysOpenSsh }) => {
    let sshd: TestSshd & AsyncDisposable
    let home: SshHome
    let factory: HostFactory
    let env: Record<string, string | undefined>
    let config: SshHostConfig
    let core: Core | undefined

    beforeAll(async () => {
      sshd = await startSshd()
    })
    afterAll(() => sshd[Symbol.asyncDispose]())

    beforeEach(() => {
      home = createSshHome()
      home.write('known_hosts', `[${oldName}]:${sshd.port} ${sshd.hostKey('ed25519')}\n`)
      home.write('status.json', JSON.stringify(status))
      writeFileSync(
        join(home.dir, 'tailscale'),
        `#!/bin/sh
case "$1" in
  status) exec cat ${home.path('status.json')} ;;
  nc) exec ${process.execPath} -e '${netcat}' "$2" "$3" ;;
  *) echo "pong from atelier (127.0.0.1) via 192.0.2.1:41641 in 1ms" ;;
esac
`,
        { mode: 0o755 },
      )
      const { SSH_AUTH_SOCK: _, ...rest } = process.env
      env = { ...rest, HOME: home.dir, SHELL: '/bin/sh' }
      env.PATH = [home.dir, process.env.PATH].join(delimiter)
      const ports = { clock: systemClock, log: silentLog, homeDir: home.dir, env }
      factory = {
        local: () =>
          createLocalHost({ id: 'this-machine', ...ports, env: env as NodeJS.ProcessEnv }),
        facts: async () => ({ osName: '', osVersion: '', addresses: [] }),
        demo: () => createLocalHost({ id: 'demo', ...ports }),
        ssh: (host, addressNow) =>
          createSshHost({
            ...{ config: host, ...ports, secrets: home.secrets, isAlwaysOpenSsh },
            ...(addressNow && { addressNow }),
          }),
      }
      config = {
        ...{ ...plainHost, kind: 'ssh', id: 'studio', name: 'Studio', target: oldName, alias },
        ...{ account: sshd.account, port: sshd.port, keyPath: sshd.keyPath },
        tailnetNodeId: 'nSTUDIOCNTRL',
      }
    })
    afterEach(async () => {
      await core?.close()
      core = undefined
      home[Symbol.dispose]()
    })

    async function start(hosts: SshHostConfig[] = [config]) {
      const file = createMemoryFile(formatSettings({ ...defaultSettings, hosts }))
      const settings: SettingsStore = await createSettingsStore(file.backing())
      const made = await createTestCore({
        ...{ hosts: factory, settings, homeDir: home.dir, env, platform: process.platform },
        secrets: home.secrets,
      })
      core = made
      const stateOf = (id: string) => made.fleet.get().hosts.find((host) => host.id === id)
      const client = createRouterClient(made.router, { context: () => made.context() })
      return { client, settings, stateOf }
    }

    async function started() {
      const all = await start()
      await all.client.tailnet.refresh()
      return all
    }

    async function last<Value>(values: AsyncIterable<Value>): Promise<Value> {
      let found: Value | undefined
      for await (const value of values) found = value
      if (found === undefined) throw new Error('Nothing was said')
      return found
    }

    it('is reached by the live connection, and its tailnet remembered', async () => {
      const { client, stateOf, settings } = await started()
      const looking = new AbortController()
      const watching = client.fleet.watch({ focus: 'studio' }, { signal: looking.signal })
      const reading = watching.then((events) => last(events)).catch(() => undefined)
      await until(() => stateOf('studio')?.link.state === 'live')
      await until(() => settings.get().settings.hosts[0]?.tailnetName === 'example.com')
      looking.abort()
      await reading
    })

    it('passes a test before it is added, and after', async () => {
      const { client } = await started()
      const { kind: _, id: __, ...host } = config
      const { steps } = await last(await client.hosts.test({ testId: 'test-of-a-rename', host }))
      expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual(
        ['name', 'tcp', 'ssh', 'host-key', 'login', 'first-answer'].map((id) => `${id} passed`),
      )
    })

    it('gets a key', async () => {
      const { client } = await started()
      const { kind: _, id: __, ...host } = config
      const call = { testId: 'set-up-after-a-rename', host }
      const { steps, keyPath } = await last(await client.hosts.setUpKey(call))
      expect(steps.map(({ error }) => error)).toEqual([null, null, null, null])
      expect(keyPath).toBe(sshd.keyPath)
    })

    it('is found well by the doctor, which says the new name', async () => {
      const { client } = await started()
      const { steps, brokenStepId } = await last(await client.doctor.run({ hostId: 'studio' }))
      expect(brokenStepId).toBeNull()
      const found = new Map(steps.map((step) => [step.id, step.found]))
      expect(found.get('peer-known')).toMatchObject({
        ...{ key: 'doctor.peer-known.renamed', params: { before: oldName, now: newName } },
      })
      expect(found.get('tcp')).toMatchObject({
        key: 'doctor.tcp.renamed',
        params: { before: oldName, now: newName, address: `127.0.0.1:${sshd.port}` },
      })
    })

    it('answers the command line', async () => {
      const settingsPath = join(home.dir, 'settings.json')
      writeFileSync(settingsPath, formatSettings({ ...defaultSettings, hosts: [config] }))
      let out = ''
      const say = (text: string) => {
        out += text
      }
      const io = systemIo()
      const at = { hosts: factory, settingsPath, homeDir: home.dir, env }
      const exitCode = await run(['status', '--host', 'Studio', '--json'], {
        ...{ ...io, ...at, err: say, out: say },
      })
      expect(out).toContain('"name": "Studio"')
      expect(exitCode).toBe(0)
    })

    it('is reached where Tailscale carries the bytes', async () => {
      home.write('config', `Host ${oldName}\n  ProxyCommand ${home.dir}/tailscale nc %h %p\n`)
      const { client } = await started()
      const { kind: _, id: __, ...host } = config
      const { steps } = await last(await client.hosts.test({ testId: 'test-of-a-proxy', host }))
      expect(steps.at(-1)).toMatchObject({ id: 'first-answer', state: 'passed' })
    })

    it('is reached by its alias with OpenSSH itself, until the old name is back', async () => {
      home.write('config', `UserKnownHostsFile ${home.path('known_hosts')}\n`)
      const { client } = await started()
      const { revision } = await client.sshConfig.read()
      await client.sshConfig.include({ revision })
      const ssh = async () => {
        const args = ['-F', home.path('config'), '-o', 'BatchMode=yes']
        const more = ['-o', 'StrictHostKeyChecking=yes', alias, 'echo in']
        return (await promisify(execFile)('ssh', [...args, ...more])).stdout
      }
      expect(home.read('studiolo.config')).toContain('HostName 127.0.0.1\n')
      expect(await ssh()).toBe('in\n')

      const { kind: _, id: __, ...other } = { ...config, name: 'Other', alias: null }
      expect(await client.hosts.add(other)).toMatchObject({ alias: 'other-tailscale' })

      const back = {
        ...status,
        Peer: { one: { ...status.Peer['nodekey:1'], DNSName: `${oldName}.` } },
      }
      home.write('status.json', JSON.stringify(back))
      await client.tailnet.refresh()
      // the two machines may be written one after the other
      await until(() => !home.read('studiolo.config').includes('HostKeyAlias'))
      expect(home.read('studiolo.config').match(/HostName .+/g)).toEqual([
        `HostName ${oldName}`,
        `HostName ${oldName}`,
      ])
    })
  },
)
