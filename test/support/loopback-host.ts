import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { errorInfo } from '../../main/core/errors.ts'
import { type CommandOutput, type Host, HostError } from '../../main/hosts/host.ts'

/**
 * A Host whose ports lead to servers that a test started elsewhere on this machine: `{ 11434: 40123 }`. Every other port
 * is closed. Runs no commands, except that `ps` answers `processes`.
 */
export function loopbackHost(ports: Record<number, number>, processes = ''): Host {
  const unused = () => {
    throw new Error('no part of this test')
  }
  return {
    id: 'loopback',
    kind: 'local',
    now: () => Date.now(),
    identify: unused,
    run: async (argv): Promise<CommandOutput> => {
      if (argv[0] !== 'ps') unused()
      return { stdout: processes, stderr: '', exitCode: 0, durationMs: 1 }
    },
    ticks: unused,
    connect: ({ port }) => connectTo(ports[port]),
    read: unused,
    put: unused,
    link: unused,
    onLink: () => () => {},
    answer: unused,
    reconnect: unused,
    release: () => {},
    close: async () => {},
  }
}

function connectTo(port: number | undefined): Promise<Duplex> {
  const refused = new HostError('unreachable', errorInfo('refused'))
  if (port === undefined) return Promise.reject(refused)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => reject(refused))
  })
}
