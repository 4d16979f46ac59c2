import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forProxyCommand } from '../../../../main/hosts/quote.ts'
import { isSameSubnet, pathTo } from '../../../../main/hosts/ssh/path.ts'
import { expandProxyCommand, jumpCommand, withAllHops } from '../../../../main/hosts/ssh/proxy.ts'
import { carriers, createSshHome, type SshHome } from '../../../support/ssh-home.ts'
import { freePort, hasSshd, startSshd, type TestSshd } from '../../../support/sshd.ts'
import { until } from '../../../support/until.ts'

let home: SshHome
beforeEach(() => {
  home = createSshHome()
})
afterEach(() => home[Symbol.dispose]())

const steps = (host: ReturnType<SshHome['host']>) =>
  Object.fromEntries(host.link().steps.map(({ id, state }) => [id, state]))

describe.skipIf(!hasSshd)('ways to a real sshd', () => {
  let studio: TestSshd & AsyncDisposable
  let gate: TestSshd & AsyncDisposable
  beforeAll(async () => {
    studio = await startSshd()
    gate = await startSshd()
  })
  afterAll(async () => {
    await studio[Symbol.asyncDispose]()
    await gate[Symbol.asyncDispose]()
  })

  /** Everything for an alias `gate`, and `studio` as far as the Host of the test does not set it. */
  function writeConfig(way: string) {
    home.write(
      'known_hosts',
      [studio, gate].map((one) => `[127.0.0.1]:${one.port} ${one.hostKey('ed25519')}\n`).join(''),
    )
    home.write(
      'config',
      `Host gate gate-*
        HostName 127.0.0.1
        Port ${gate.port}
        User ${gate.account}
        IdentityFile ${gate.keyPath}
        UserKnownHostsFile ${home.path('known_hosts')}
      Host studio
        HostName 127.0.0.1
        Port ${studio.port}
        User ${studio.account}
        IdentityFile ${studio.keyPath}
        ${way}\n`,
    )
  }
  const hostOf = (options: Parameters<SshHome['host']>[0] = {}) =>
    home.host({ ...options, config: { target: 'studio', ...options.config } })

  test('TCP: each hop is said, in order, with its time', async () => {
    writeConfig('')
    const host = hostOf()
    const seen: string[] = []
    host.onLink(({ steps }) => {
      const last = steps.at(-1)
      if (last !== undefined) seen.push(`${last.id} ${last.state}`)
    })
    await host.identify()
    const ids = ['name', 'tcp', 'ssh', 'host-key', 'login', 'first-answer']
    expect([...new Set(seen)]).toEqual(ids.flatMap((id) => [`${id} running`, `${id} passed`]))
    for (const { durationMs } of host.link().steps) expect(durationMs).toBeGreaterThanOrEqual(0)
    expect(host.link()).toMatchObject({ state: 'connected', path: 'direct', problem: null })
    expect(steps(host)).toEqual(Object.fromEntries(ids.map((id) => [id, 'passed'])))
  })

  test('a machine with another name by now is reached by address, its key known under the old name', async () => {
    const target = 'mac-studio.tail1.ts.net'
    home.write('known_hosts', `[${target}]:${studio.port} ${studio.hostKey('ed25519')}\n`)
    const asked: string[] = []
    const addressNow = (hostName: string) => {
      asked.push(hostName)
      return '127.0.0.1'
    }
    const config = { target, keyPath: studio.keyPath, account: studio.account, port: studio.port }
    const host = home.host({ addressNow, config })
    expect((await host.run(['echo', 'in'])).stdout).toBe('in\n')
    expect(asked).toEqual([target])
  })

  test('ProxyJump through another sshd', async () => {
    writeConfig('ProxyJump gate')
    const before = gate.log().length
    const host = hostOf()
    expect((await host.run(['echo', 'in'])).stdout).toBe('in\n')
    expect(steps(host)).toMatchObject({ name: 'skipped', tcp: 'skipped', 'first-answer': 'passed' })
    expect(host.link()).toMatchObject({ path: 'proxy', via: 'gate' })
    expect(gate.log().slice(before)).toContain('direct-tcpip')
  })

  test('ProxyJump over two hops, with account and port in the chain', async () => {
    writeConfig(`ProxyJump gate-one,${gate.account}@gate-two:${gate.port}`)
    const host = hostOf()
    expect((await host.run(['echo', 'in'])).stdout).toBe('in\n')
    // by name alone: the rest is in the configuration
    expect(host.link()).toMatchObject({ path: 'proxy', via: 'gate-one, gate-two' })
  })

  describe.each(carriers)('over several hops, by $carrier', ({ isAlwaysOpenSsh }) => {
    /** `gate-1` to `gate-4` are the same sshd, each with its own list of known keys. */
    function writeHops(way: string, more: readonly string[] = []) {
      const line = `[127.0.0.1]:${gate.port} ${gate.hostKey('ed25519')}\n`
      for (const hop of [1, 2, 3, 4]) home.write(`known-${hop}`, line)
      writeConfig(way)
      const own = [1, 2, 3, 4].map(
        (hop) => `Host gate-${hop}\n  UserKnownHostsFile ${home.path(`known-${hop}`)}\n`,
      )
      // the first value counts
      home.write(
        'config',
        [...more, ...own, home.read('config').replace(/User.*known_hosts\n/, '')].join('\n'),
      )
    }
    const run = (options: Parameters<SshHome['host']>[0] = {}) =>
      hostOf({ isAlwaysOpenSsh, ...options }).run(['echo', 'in'])

    test('with any name of a folder', async () => {
      writeHops('ProxyJump gate-1,gate-2,gate-3,gate-4')
      const homeDir = join(home.dir, "it's 100%h")
      symlinkSync(home.dir, homeDir)
      expect((await run({ homeDir })).stdout).toBe('in\n')
    })

    test('also those that only the configuration of a hop names', async () => {
      writeHops('ProxyJump gate-2', ['Host gate-2\n  ProxyJump gate-1'])
      const host = hostOf({ isAlwaysOpenSsh })
      expect((await host.run(['echo', 'in'])).stdout).toBe('in\n')
      expect(host.link().steps.find(({ id }) => id === 'tcp')?.detail).toBe('gate-1,gate-2')
      expect(host.link()).toMatchObject({ path: 'proxy', via: 'gate-1, gate-2' })
    })

    test.each([
      ['the only one', 'ProxyJump gate-1', 1, []],
      ['the first', 'ProxyJump gate-1,gate-2', 1, []],
      ['the last', 'ProxyJump gate-1,gate-2', 2, []],
      ['one that only the configuration names', 'ProxyJump gate-2', 1, ['ProxyJump gate-1']],
    ])('a hop that nobody knows is refused, also by accept-new: %s', async (_, way, hop, more) => {
      const lines = ['Host gate-*\n  StrictHostKeyChecking accept-new']
      writeHops(way, [...lines, ...more.map((line) => `Host gate-2\n  ${line}`)])
      home.write(`known-${hop}`, '')
      await expect(run()).rejects.toMatchObject({
        info: {
          code: 'proxy-failed',
          detail: expect.stringMatching(/host key verification failed/i),
        },
      })
      expect(home.read(`known-${hop}`)).toBe('')
    })

    test('a port that a hop’s configuration forwards is not opened here', async () => {
      // taken: opening it would end the hop
      const forward = `LocalForward 127.0.0.1:${studio.port} 127.0.0.1:1`
      writeHops('ProxyJump gate-1', [`Host gate-1\n  ${forward}`])
      expect((await run()).stdout).toBe('in\n')
    })
  })

  test('a program in between has no terminal to ask on', async () => {
    const trace = join(home.dir, 'trace')
    const tell = `sh -c 'echo "$SSH_ASKPASS $SSH_ASKPASS_REQUIRE" >${trace}; exit 1'`
    for (const [given, expected] of [
      [undefined, 'false force\n'],
      ['/opt/ask', '/opt/ask force\n'],
    ] as const) {
      writeConfig(`ProxyCommand ${tell}`)
      const { SSH_ASKPASS: _, ...env } = process.env
      const host = hostOf({ env: given === undefined ? env : { ...env, SSH_ASKPASS: given } })
      await expect(host.identify()).rejects.toMatchObject({ info: { code: 'proxy-failed' } })
      expect(readFileSync(trace, 'utf8')).toBe(expected)
    }
  })

  test('ProxyCommand, with its tokens', async () => {
    const trace = join(home.dir, 'trace')
    writeConfig(
      `ProxyCommand sh -c 'echo %h %p %r %n %% >${trace}; exec ssh -F ${home.path('config')} -W [%h]:%p gate'`,
    )
    expect((await hostOf().run(['echo', 'in'])).stdout).toBe('in\n')
    expect(readFileSync(trace, 'utf8')).toBe(
      `127.0.0.1 ${studio.port} ${studio.account} studio %\n`,
    )
  })

  describe.each(carriers)(
    'a program that carries the bytes, by $carrier',
    ({ isAlwaysOpenSsh }) => {
      /** Goes through the gate, whatever it is called. */
      async function linkBy(program: string) {
        const way = `exec ssh -F ${home.path('config')} -W "[$2]:$3" gate`
        writeFileSync(join(home.dir, program), `#!/bin/sh\n${way}\n`, { mode: 0o755 })
        writeConfig(`ProxyCommand ${join(home.dir, program)} nc %h %p`)
        const host = hostOf({ isAlwaysOpenSsh })
        expect((await host.run(['echo', 'in'])).stdout).toBe('in\n')
        return host.link()
      }

      test('Tailscale’s own leads through the tailnet', async () => {
        expect(await linkBy('tailscale')).toMatchObject({ path: 'tailnet' })
      })

      test('another leads nobody knows where', async () => {
        const link = await linkBy('corkscrew')
        expect([link.path, link.via]).toEqual(['proxy', undefined])
      })
    },
  )

  test('a proxy that fails is quoted', async () => {
    writeConfig('ProxyCommand sh -c "echo no way to %h >&2; exit 1"')
    await expect(hostOf().identify()).rejects.toMatchObject({
      kind: 'unreachable',
      info: { code: 'proxy-failed', detail: 'no way to 127.0.0.1' },
    })
  })

  test('a jump host that nobody knows: ssh may not ask, and says so', async () => {
    writeConfig('ProxyJump gate')
    home.write('known_hosts', `[127.0.0.1]:${studio.port} ${studio.hostKey('ed25519')}\n`)
    await expect(hostOf().identify()).rejects.toMatchObject({
      info: {
        code: 'proxy-failed',
        detail: expect.stringMatching(/host key verification failed/i),
      },
    })
  })

  test('a proxy ends with its connection', async () => {
    const pidPath = join(home.dir, 'pid')
    writeConfig(
      `ProxyCommand sh -c 'echo $$ >${pidPath}; exec ssh -F ${home.path('config')} -W [%h]:%p gate'`,
    )
    const host = hostOf()
    await host.identify()
    const pid = Number(readFileSync(pidPath, 'utf8'))
    expect(() => process.kill(pid, 0)).not.toThrow()
    await host.close()
    await until(() => {
      try {
        return !process.kill(pid, 0)
      } catch {
        return true
      }
    })
  })

  describe('macOS refuses the local network', () => {
    const interfaces = () => ({
      en0: [
        {
          ...{ address: '192.168.77.1', netmask: '255.255.255.0', family: 'IPv4' as const },
          ...{ mac: '', internal: false, cidr: '192.168.77.1/24' },
        },
      ],
    })
    const unreachable = () =>
      Promise.reject(Object.assign(new Error('connect EHOSTUNREACH'), { code: 'EHOSTUNREACH' }))
    /** Plays nc: goes to the test's sshd, wherever it is asked to go. */
    function netcat(script: string) {
      const path = join(home.dir, 'nc')
      writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
      return path
    }
    const lan = (netcatPath: string, platform: NodeJS.Platform = 'darwin') => {
      const address = '192.168.77.5'
      home.write('known_hosts', `[${address}]:${studio.port} ${studio.hostKey('ed25519')}\n`)
      const { account, port, keyPath } = studio
      const config = { target: address, account, port, keyPath }
      return home.host({ config, platform, netcatPath, interfaces, tcp: unreachable })
    }

    test('nc carries the connection', async () => {
      const relay = `const s=require('net').connect(${studio.port},'127.0.0.1');process.stdin.pipe(s);s.pipe(process.stdout)`
      const host = lan(netcat(`exec ${process.execPath} -e "${relay}"`))
      expect((await host.run(['echo', 'in'])).stdout).toBe('in\n')
      expect(host.link()).toMatchObject({ path: 'lan' })
    })

    test('without nc the cause is named', async () => {
      await expect(lan('/nowhere/nc').identify()).rejects.toMatchObject({
        info: { code: 'local-network-denied' },
      })
    })

    test('where nc gets no further either, nobody is there', async () => {
      await expect(lan(netcat('exit 1')).identify()).rejects.toMatchObject({
        info: { code: 'unreachable' },
      })
    })

    test('elsewhere EHOSTUNREACH is what it says', async () => {
      await expect(lan('/nowhere/nc', 'linux').identify()).rejects.toMatchObject({
        info: { code: 'unreachable' },
      })
    })
  })
})

describe('nobody there, or somebody else', () => {
  /** A TCP server that does this with each connection. */
  async function serve(onSocket: (socket: import('node:net').Socket) => void) {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      onSocket(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const sockets = new Set<import('node:net').Socket>()
    server.on('connection', (socket) => sockets.add(socket))
    return {
      port: (server.address() as AddressInfo).port,
      async [Symbol.asyncDispose]() {
        for (const socket of sockets) socket.destroy()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }
  const failing = (port: number, target = '127.0.0.1') => {
    const host = home.host({ config: { target, port, account: 'ana' } })
    return {
      host,
      failure: host.identify().then(
        () => null,
        (error: unknown) => error,
      ),
    }
  }

  test('a name that does not exist', async () => {
    const { host, failure } = failing(22, 'no-such-studio.invalid')
    expect(await failure).toMatchObject({
      kind: 'unreachable',
      info: {
        code: 'unknown-host-name',
        message: { params: { address: 'no-such-studio.invalid' } },
      },
    })
    expect(steps(host)).toEqual({ name: 'failed' })
    expect(host.link()).toMatchObject({ state: 'failed', problem: { code: 'unknown-host-name' } })
  })

  test('a port where nobody listens', async () => {
    const port = await freePort()
    const { host, failure } = failing(port)
    expect(await failure).toMatchObject({
      info: { code: 'refused', message: { params: { address: '127.0.0.1', port } } },
    })
    expect(steps(host)).toEqual({ name: 'passed', tcp: 'failed' })
  })

  test('a web server', async () => {
    await using server = await serve((socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    )
    const { host, failure } = failing(server.port)
    expect(await failure).toMatchObject({
      info: { code: 'not-ssh', detail: expect.stringContaining('HTTP/1.1 400') },
    })
    expect(steps(host)).toMatchObject({ tcp: 'passed', ssh: 'failed' })
  })

  test('garbage without an end', async () => {
    await using server = await serve((socket) => socket.write(Buffer.alloc(1_000_000, 'x')))
    expect(await failing(server.port).failure).toMatchObject({ info: { code: 'not-ssh' } })
  })

  test('lines without an end', async () => {
    await using server = await serve((socket) => socket.write('hello\r\n'.repeat(100_000)))
    expect(await failing(server.port).failure).toMatchObject({ info: { code: 'not-ssh' } })
  })

  test('a greeting, then garbage', async () => {
    await using server = await serve((socket) =>
      socket.write(`SSH-2.0-Broken\r\n${'\xff'.repeat(5000)}`, 'latin1'),
    )
    expect(await failing(server.port).failure).toMatchObject({
      info: { code: expect.stringMatching(/^(not-ssh|closed-by-host)$/) },
    })
  })

  test('closed without a word', async () => {
    await using server = await serve((socket) => socket.end())
    expect(await failing(server.port).failure).toMatchObject({ info: { code: 'closed-by-host' } })
  })

  test('reset in the middle', async () => {
    await using server = await serve((socket) => {
      socket.write('SSH-2.0-OpenSSH_9.9\r\n')
      socket.once('data', () => socket.resetAndDestroy())
    })
    expect(await failing(server.port).failure).toMatchObject({ info: { code: 'closed-by-host' } })
  })

  test.skipIf(!hasSshd)('a server with which we share no method of encryption', async () => {
    await using old = await startSshd({ config: ['Ciphers aes256-cbc'] })
    const host = home.host({ sshd: old })
    await expect(host.identify()).rejects.toMatchObject({
      info: { code: 'no-common-algorithm', detail: expect.stringMatching(/cipher/i) },
    })
  })
})

describe('words for ssh and the shell', () => {
  const config = {
    ...{ target: 'studio', hostname: '10.0.0.5', user: 'ana', port: 2222, hostKeyAlias: null },
    ...{ sshArguments: [], proxyCommand: null, proxyJump: null },
  }
  const resolved = (fields: object) =>
    ({ ...config, ...fields }) as unknown as Parameters<typeof jumpCommand>[0]

  const strict = '-o BatchMode=yes -o StrictHostKeyChecking=yes -o ClearAllForwardings=yes'.split(
    ' ',
  )

  test.each([
    ['gate', ['--', 'gate']],
    ['bob@gate:2200', ['-l', 'bob', '-p', '2200', '--', 'gate']],
    ['[fd7a::1]:22', ['-p', '22', '--', 'fd7a::1']],
    ['ssh://bob@gate:22', ['-l', 'bob', '-p', '22', '--', 'gate']],
  ])('ProxyJump %s', (proxyJump, words) => {
    const to = ['-W', '[10.0.0.5]:2222']
    const at = words.indexOf('--')
    expect(jumpCommand(resolved({ proxyJump }))).toEqual([
      ...[...strict, ...words.slice(0, at), ...to, ...words.slice(at)],
    ])
  })

  test('over two hops, each by a command of its own that may not ask', () => {
    const args = jumpCommand(resolved({ proxyJump: 'a, b@c:1' }))
    const proxyCommand = forProxyCommand(['ssh', ...strict, '-W', '[%h]:%p', '--', 'a'])
    expect(args).toEqual([
      ...[...strict, '-o', `ProxyCommand=${proxyCommand}`, '-l', 'b', '-p', '1'],
      ...['-W', '[10.0.0.5]:2222', '--', 'c'],
    ])
  })

  test('the hops that the first one is reached over come in front', async () => {
    const chain: Record<string, string> = { d: 'b@c:7', c: 'a' }
    const asked: unknown[] = []
    const whole = await withAllHops(resolved({ proxyJump: 'd,e' }), async (hop) => {
      asked.push(hop)
      return { proxyJump: chain[hop.host] ?? null }
    })
    expect(whole.proxyJump).toBe('a,b@c:7,d,e')
    expect(asked).toEqual([
      { user: null, host: 'd', port: null },
      { user: 'b', host: 'c', port: 7 },
      { user: null, host: 'a', port: null },
    ])
  })

  test('hops that lead in a circle are an error, not a wait', async () => {
    const circle = withAllHops(resolved({ proxyJump: 'a' }), async ({ host }) => ({
      proxyJump: host === 'a' ? 'b' : 'a',
    }))
    await expect(circle).rejects.toMatchObject({ info: { code: 'ssh-config' } })
  })

  test.each(['$(id)', 'a b', 'a;b', "a'b", '-oX', 'a`id`', 'a\nb'])(
    'a name that a shell would read as more does not get into a ProxyCommand: %j',
    (hostname) => {
      expect(() => expandProxyCommand(resolved({ proxyCommand: 'nc %h %p', hostname }))).toThrow()
      expect(expandProxyCommand(resolved({ proxyCommand: 'nc fixed %p', hostname }))).toBe(
        'nc fixed 2222',
      )
    },
  )
})

describe('where an address is', () => {
  const interfaces = {
    lo: [entry('127.0.0.1/8', true)],
    en0: [entry('192.168.1.20/24'), entry('fe80::1/64'), entry('fd00:1::20/64')],
    utun4: [entry('100.101.102.103/32')],
  }
  function entry(cidr: string, internal = false) {
    const [address = ''] = cidr.split('/')
    const rest = { netmask: '', mac: '', internal, cidr }
    return address.includes(':')
      ? { address, family: 'IPv6' as const, scopeid: 0, ...rest }
      : { address, family: 'IPv4' as const, ...rest }
  }

  test.each([
    ['100.64.0.1', 'tailnet'],
    ['100.127.255.254', 'tailnet'],
    ['fd7a:115c:a1e0::53', 'tailnet'],
    ['::ffff:100.64.0.1', 'tailnet'],
    ['100.128.0.1', 'direct'],
    ['100.63.255.255', 'direct'],
    ['192.168.1.77', 'lan'],
    ['fd00:1::77', 'lan'],
    ['fe80::77%en0', 'lan'],
    ['192.168.2.77', 'direct'],
    ['10.0.0.1', 'direct'],
    ['8.8.8.8', 'direct'],
    ['127.0.0.1', 'direct'],
    ['not an address', 'direct'],
  ])('%s is %s', (address, path) => {
    expect(pathTo(address, interfaces)).toBe(path)
    expect(isSameSubnet(address, interfaces)).toBe(path === 'lan')
  })
})
