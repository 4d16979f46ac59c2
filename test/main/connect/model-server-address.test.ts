import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addressOfOwnServer, addressOfServer } from '../../../main/connect/model-server-address.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import type { Tunnel } from '../../../preload/contract/tunnels.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { sshHostNamed } from '../../support/ssh-config-home.ts'
import { freePort } from '../../support/sshd.ts'
import { studioPeer, tailnetOf } from '../../support/tailnet-fixtures.ts'
import { until } from '../../support/until.ts'

let homeDir: string
const ending: (() => unknown)[] = []
beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'studiolo-address-'))
  mkdirSync(join(homeDir, '.ssh'))
})
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
  rmSync(homeDir, { recursive: true })
})

/** What stands in `~/.ssh/config`. */
const write = (text: string) => writeFileSync(join(homeDir, '.ssh/config'), text)

async function listen(host = '127.0.0.1'): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, host)
  await once(server, 'listening')
  ending.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A server that was stopped, with as many connections waiting as it has room for: nothing is refused, nothing answers. */
async function listenSilently(): Promise<number> {
  const script = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`
  const server: ChildProcess = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  ending.push(async () => {
    server.kill('SIGKILL')
    await once(server, 'close')
  })
  const [line] = await once(server.stdout ?? server, 'data')
  const port = Number(String(line))
  server.kill('SIGSTOP')
  for (let waiting = 0; waiting < 4; waiting++) {
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {})
    ending.unshift(() => socket.destroy())
  }
  return port
}

function addressAt(
  port: number,
  {
    config = {},
    tailnet = null,
    tunnels = [],
    clock = new FakeClock(),
  }: {
    config?: Partial<SshHostConfig>
    tailnet?: Tailnet | null
    tunnels?: Partial<Tunnel>[]
    clock?: FakeClock
  } = {},
) {
  const host = sshHostNamed('Studio', { target: '127.0.0.1', ...config })
  return addressOfServer(
    { ...host, id: 'studio' },
    { name: 'Ollama', port },
    {
      ...{ clock, homeDir, env: process.env, tailnet: () => tailnet },
      tunnels: () => tunnels as Tunnel[],
      facts: async () => ({ osName: '', osVersion: '', addresses: [] }),
    },
  )
}

it('is the Host’s own where that takes a connection', async () => {
  const port = await listen()
  const clock = new FakeClock()
  expect(await addressAt(port, { clock })).toEqual({
    url: `http://127.0.0.1:${port}`,
    caveat: null,
  })
  expect(clock.pending).toBe(0)
})

it('is where the Host is found now, by the name that it was given before', async () => {
  const port = await listen()
  const config = { target: 'mac-studio.tail1a2b3c.ts.net', tailnetNodeId: 'nStudioCNTRL' }
  const renamed = { name: 'atelier', dnsName: 'atelier.tail1a2b3c.ts.net' }
  const tailnet = tailnetOf({ peers: [studioPeer({ ...renamed, addresses: ['127.0.0.1'] })] })
  expect(await addressAt(port, { config, tailnet })).toMatchObject({
    url: `http://127.0.0.1:${port}`,
  })
})

it('writes an IPv6 address as a web address has it', async () => {
  const port = await listen('::1')
  expect(await addressAt(port, { config: { target: '::1' } })).toMatchObject({
    url: `http://[::1]:${port}`,
  })
})

it('is the end of an open tunnel to that port of that Host', async () => {
  const port = await freePort()
  const tunnels = [
    { hostId: 'other', remotePort: port, localPort: 1001 },
    { hostId: 'studio', remotePort: port + 1, localPort: 1002 },
    { hostId: 'studio', remotePort: port, localPort: 1003 },
  ]
  expect(await addressAt(port, { tunnels })).toEqual({ url: 'http://127.0.0.1:1003', caveat: null })
})

it('is none where the server listens on its own loopback only', async () => {
  const port = await freePort()
  await expect(addressAt(port)).rejects.toMatchObject({
    info: {
      message: {
        key: 'connect.model-server-there-only',
        params: { name: 'Ollama', host: 'Studio', port },
      },
    },
  })
})

it.each([
  ['a jump host leads there', 'Host studio\n  HostName 127.0.0.1\n  ProxyJump gate\n'],
  ['the name means nothing here', 'Host studio\n  HostName no-such-studio.invalid\n'],
])('is none where %s', async (_, text) => {
  write(text)
  const port = await freePort()
  await expect(addressAt(port, { config: { target: 'studio' } })).rejects.toMatchObject({
    info: { message: { key: 'connect.model-server-apart' } },
  })
})

it('is given with a word of doubt where nothing answers for a second and a half', async () => {
  const port = await listenSilently()
  const clock = new FakeClock()
  const asked = addressAt(port, { clock })
  await until(() => clock.pending > 0)
  let isOver = false
  asked.finally(() => {
    isOver = true
  })
  await clock.advance(1_499)
  expect(isOver).toBe(false)
  await clock.advance(1)
  expect(await asked).toMatchObject({
    url: `http://127.0.0.1:${port}`,
    caveat: { key: 'connect.model-server-silent' },
  })
})

it('of this machine is the one in its network only where the server listens there', async () => {
  const addressed = (port: number) =>
    addressOfOwnServer(
      { name: 'Ollama', port },
      {
        facts: async () => ({ osName: '', osVersion: '', addresses: ['127.0.0.2'] }),
        clock: new FakeClock(),
      },
    )
  const everywhere = await listen('0.0.0.0')
  expect(await addressed(everywhere)).toEqual({
    ...{ url: `http://127.0.0.2:${everywhere}`, caveat: null },
  })
  const here = await listen()
  expect(await addressed(here)).toEqual({ url: `http://127.0.0.1:${here}`, caveat: null })
})
