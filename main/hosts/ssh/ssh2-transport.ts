import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { OpenRefused, type RemoteChannel, type RemoteExit, type Transport } from './transport.ts'

/** A client of ssh2 that is logged in, over the stream that it was given. */
export function createSsh2Transport(client: Client, stream: Duplex): Transport {
  gatherWrites(stream)
  return {
    openSession: (command) =>
      new Promise((resolve, reject) => {
        client.exec(command, (error, channel) => {
          if (error) reject(refusal(error))
          else resolve(remoteChannel(channel))
        })
      }),
    forward: (address, port) =>
      new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
          if (error) reject(refusal(error))
          else resolve(channel)
        })
      }),
    isAnswering: () => isAnswering(client),
    onClose: (listener) => client.once('close', listener),
    destroy: () => stream.destroy(),
    end() {
      client.end()
      // a dead peer may never close: nothing here waits for it
      if (stream instanceof Socket) stream.destroySoon()
      else stream.destroy()
    },
  }
}

/** ssh2 writes length, content and tag of a packet one by one: three packets of TCP, and three times waking up for the other side. */
function gatherWrites(stream: Duplex): void {
  const write = stream.write.bind(stream)
  let isGathering = false
  stream.write = ((...args: Parameters<typeof write>) => {
    if (!isGathering) {
      isGathering = true
      stream.cork()
      process.nextTick(() => {
        isGathering = false
        stream.uncork()
      })
    }
    return write(...args)
  }) as typeof stream.write
}

function remoteChannel(channel: ClientChannel): RemoteChannel {
  let exit: RemoteExit | null = null
  let onExit: ((exit: RemoteExit) => void) | null = null
  channel.on('error', () => undefined)
  // the exit can be in the same packet as the start of the channel: no turn of the loop may lie between
  channel.once('exit', (code: number | null, name?: string) => {
    exit = code === null ? { signal: name ?? '' } : { code }
    onExit?.(exit)
  })
  return {
    stream: channel,
    stderr: channel.stderr,
    get exit() {
      return exit
    },
    onExit(listener) {
      onExit = listener
      if (exit !== null) listener(exit)
    },
    close: () => channel.close(),
  }
}

function refusal(error: Error): Error {
  return 'reason' in error && typeof error.reason === 'number'
    ? new OpenRefused(error.message, error.reason)
    : error
}

/** Takes back a forwarding that was never there: servers answer that at once, with a no, and start nothing. */
function isAnswering(client: Client): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      // after a loss of the connection ssh2 calls back with an error of its own
      client.unforwardIn('127.0.0.1', 1, (error) =>
        resolve(!/No response/.test(error?.message ?? '')),
      )
    } catch {
      resolve(false)
    }
  })
}
