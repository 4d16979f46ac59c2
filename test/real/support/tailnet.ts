import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { type NetworkInterfaceInfo, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from '../../support/processes.ts'
import { until } from '../../support/until.ts'
import { type Account, addAccount, kill, removeAccounts } from './accounts.ts'
import { attempt, command } from './commands.ts'
import { headscaleConfig } from './headscale-config.ts'
import { headscalePath, tailscaledPath, tailscalePath } from './installed.ts'
import { prefix } from './studio.ts'

/** A machine of the tailnet: a tailscaled in a network namespace of its own, whose socket is a file of this machine. */
export interface TailnetNode {
  name: string
  /** In the tailnet, by IPv4. */
  address: string
  /** A folder with a `tailscale` that speaks to this node: first in a PATH, it makes this "the own machine". */
  binDir: string
  tailscale(...args: string[]): string
  /** Joins the tailnet, again after a log-out, without anybody being asked. */
  logIn(): void
  /** The coordination server lets its key expire. */
  expireKey(): void
  /** Starts tailscaled; `isRelayOnly`: no packet goes straight to another node. */
  start(options?: { isRelayOnly?: boolean }): Promise<void>
  /** Ends tailscaled, as if it had crashed. */
  stop(): Promise<void>
  /** Its cable is pulled: nothing is refused, nothing answers. */
  cut(): void
  mend(): void
  /** As Node sees them in there. Runs a program. */
  interfaces(): NodeJS.Dict<NetworkInterfaceInfo[]>
  /** Starts a program inside this machine; it ends with the tailnet at the latest. */
  spawn(argv: readonly string[], env?: Record<string, string>): ChildProcess
}

/**
 * A real tailnet without a way out: Headscale with an own certificate and an own relay, and nodes beside it on one switch. Starting
 * takes some five seconds.
 */
export interface RealTailnet {
  /** The first of the names given is the own machine, by custom. */
  node(name: string): TailnetNode
  /** Headscale's command line. */
  headscale(...args: string[]): string
  /** Makes an account, for whatever accepts logins. */
  addAccount(shell: string): Account
  /** Goes with the tailnet. */
  scratchDir: string
  close(): Promise<void>
}

const control = '10.231.8.1'

export async function startTailnet(...names: string[]): Promise<RealTailnet> {
  const base = `${prefix}${process.pid}`
  const dir = mkdtempSync(join(tmpdir(), `${base}-tn-`))
  chmodSync(dir, 0o755)
  const spaceOf = (name: string) => `${base}-${name}`
  const switchSpace = spaceOf('switch')
  const spaces = [switchSpace, ...names.map(spaceOf)]
  const accounts: Account[] = []
  const nodes = new Map<string, TailnetNode>()

  function ipIn(space: string, ...words: string[]): void {
    command('ip', '-n', space, ...words)
  }

  /** Its words go to a file, so that it never waits for us to read them. */
  function spawnIn(space: string, logName: string, argv: readonly string[], env = {}) {
    const log = openSync(join(dir, `${logName}.log`), 'a')
    const child = spawn('ip', ['netns', 'exec', space, ...argv], {
      stdio: ['ignore', log, log],
      env: { PATH: process.env.PATH ?? '', HOME: dir, ...env },
    })
    closeSync(log)
    return child
  }

  const configPath = join(dir, 'headscale.yaml')
  const headscale = (...args: string[]) => command(headscalePath, '-c', configPath, ...args)

  /** `ip netns exec` becomes the program that it starts, so that its number is the program's. */
  async function end(child: ChildProcess | undefined): Promise<void> {
    const pid = child?.pid
    if (pid === undefined) return
    kill(pid)
    await until(() => !isRunning(pid))
  }

  const tailnet: RealTailnet = {
    node(name) {
      const node = nodes.get(name)
      if (node === undefined) throw new Error(`no node ${name}`)
      return node
    },
    headscale,
    addAccount(shell) {
      const index = accounts.length
      const account = addAccount(`${base}-tn${index}`, join(dir, `home-${index}`), shell)
      accounts.push(account)
      return account
    },
    scratchDir: dir,
    async close() {
      // everything that runs in our namespaces is ours
      const inside = spaces.flatMap((space) =>
        attempt('ip', 'netns', 'pids', space).stdout.split('\n').filter(Boolean).map(Number),
      )
      for (const pid of inside) kill(pid)
      await until(() => inside.every((pid) => !isRunning(pid)))
      await removeAccounts(accounts)
      for (const space of spaces) attempt('ip', 'netns', 'del', space)
      rmSync(dir, { recursive: true, force: true })
    },
  }

  try {
    command('ip', 'netns', 'add', switchSpace)
    ipIn(switchSpace, 'link', 'set', 'lo', 'up')
    ipIn(switchSpace, 'link', 'add', 'br0', 'type', 'bridge')
    ipIn(switchSpace, 'addr', 'add', `${control}/24`, 'dev', 'br0')
    ipIn(switchSpace, 'link', 'set', 'br0', 'up')
    await startHeadscale()
    names.forEach(plugIn)
    for (const name of names) nodes.set(name, await startNode(name))
    return tailnet
  } catch (error) {
    await tailnet.close()
    throw error
  }

  async function startHeadscale() {
    const [keyPath, certPath] = [join(dir, 'server.key'), join(dir, 'server.crt')]
    // its own authority: a client that is given it as its list of authorities believes it
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const name = ['-subj', '/CN=control', '-addext', `subjectAltName=IP:${control}`]
    command('openssl', 'req', '-x509', ...key, ...name, '-keyout', keyPath, '-out', certPath)
    writeFileSync(configPath, headscaleConfig({ dir, address: control, keyPath, certPath }))
    const server = spawnIn(switchSpace, 'headscale', [headscalePath, '-c', configPath, 'serve'])
    await until(
      () => {
        if (server.exitCode !== null) throw new Error(`headscale ended: see ${dir}/headscale.log`)
        return attempt(headscalePath, '-c', configPath, 'health').status === 0
      },
      { withinMs: 30_000, everyMs: 100 },
    )
    headscale('users', 'create', 'ana')
  }

  function plugIn(name: string, index: number) {
    const [space, cable] = [spaceOf(name), `v-${index}`]
    command('ip', 'netns', 'add', space)
    const far = ['peer', 'name', 'eth0', 'netns', space]
    ipIn(switchSpace, 'link', 'add', cable, 'type', 'veth', ...far)
    ipIn(switchSpace, 'link', 'set', cable, 'master', 'br0', 'up')
    ipIn(space, 'addr', 'add', `10.231.8.${10 + index}/24`, 'dev', 'eth0')
    for (const device of ['eth0', 'lo']) ipIn(space, 'link', 'set', device, 'up')
  }

  async function startNode(name: string): Promise<TailnetNode> {
    const space = spaceOf(name)
    const nodeDir = join(dir, name)
    const binDir = join(nodeDir, 'bin')
    const socketPath = join(nodeDir, 'tailscaled.sock')
    mkdirSync(binDir, { recursive: true })
    const wrapper = `#!/bin/sh\nexec '${tailscalePath}' --socket='${socketPath}' "$@"\n`
    writeFileSync(join(binDir, 'tailscale'), wrapper, { mode: 0o755 })
    const tailscale = (...args: string[]) =>
      command(tailscalePath, `--socket=${socketPath}`, ...args)
    let daemon: ChildProcess | undefined

    const node: TailnetNode = {
      ...{ name, address: '', binDir, tailscale },
      logIn() {
        const key = JSON.parse(headscale('preauthkeys', 'create', '-u', '1', '-o', 'json')).key
        tailscale(
          ...['up', `--login-server=https://${control}:8443`, `--auth-key=${key}`],
          ...[`--hostname=${name}`, '--accept-dns=false', '--timeout=30s'],
        )
      },
      expireKey() {
        const listed = JSON.parse(headscale('nodes', 'list', '-o', 'json')) as HeadscaleNode[]
        const own = listed.find((one) => one.given_name === name)
        if (own === undefined) throw new Error(`headscale knows no ${name}`)
        headscale('nodes', 'expire', '-i', String(own.id))
      },
      async start({ isRelayOnly = false } = {}) {
        const state = [`--statedir=${nodeDir}`, `--state=${join(nodeDir, 'tailscaled.state')}`]
        const flags = ['--tun=userspace-networking', `--socket=${socketPath}`, ...state]
        daemon = spawnIn(space, name, [tailscaledPath, ...flags], {
          SSL_CERT_FILE: join(dir, 'server.crt'),
          TS_NO_LOGS_NO_SUPPORT: '1',
          ...(isRelayOnly && { TS_DEBUG_NEVER_DIRECT_UDP: '1' }),
        })
        await until(() => attempt(join(binDir, 'tailscale'), 'status', '--json').status === 0, {
          everyMs: 50,
        })
      },
      async stop() {
        await end(daemon)
        rmSync(socketPath, { force: true })
      },
      cut: () => ipIn(space, 'link', 'set', 'eth0', 'down'),
      mend: () => ipIn(space, 'link', 'set', 'eth0', 'up'),
      interfaces: () =>
        JSON.parse(
          command(
            ...(['ip', 'netns', 'exec', space, process.execPath, '-p'] as const),
            'JSON.stringify(os.networkInterfaces())',
          ),
        ),
      spawn: (argv, env) => spawnIn(space, `${name}-programs`, argv, env),
    }
    await node.start()
    node.logIn()
    node.address = tailscale('ip', '-4').trim()
    return node
  }
}

interface HeadscaleNode {
  id: number | string
  given_name: string
}

/** Resolves when one node reaches the other without a relay; the first pings after a start may be lost. */
export function untilDirect(from: TailnetNode, to: TailnetNode): Promise<unknown> {
  return untilPong(from, to, / via [\d.]+:\d+ in /)
}

/** The same by any path. */
export function untilReached(from: TailnetNode, to: TailnetNode): Promise<unknown> {
  return untilPong(from, to, /^pong /m)
}

function untilPong(from: TailnetNode, { address }: TailnetNode, pong: RegExp): Promise<unknown> {
  const ping = ['ping', '--c=3', '--timeout=2s', address]
  return until(() => pong.exec(attempt(join(from.binDir, 'tailscale'), ...ping).stdout), {
    withinMs: 30_000,
  })
}
