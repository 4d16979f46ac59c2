import type { Clock } from '../../../core/ports.ts'
import { OpenRefused, type RemoteChannel, type Transport } from '../transport.ts'
import type { Channel } from './channel.ts'
import { MuxConnection } from './connection.ts'
import type { MuxProxy } from './mux.ts'
import type { Room } from './room.ts'
import { string, uint32 } from './wire.ts'

/** A master that ends well does so at once; one whose peer is silent would wait for it. */
const goodbyeMs = 1_000

/** Channels over a master of OpenSSH, which ends with it. */
export function createMuxTransport(
  { socket, frames, rest, pid }: MuxProxy,
  options: { room: Room; clock: Clock },
): Transport {
  const { room, clock } = options
  let isClosed = socket.destroyed
  socket.once('close', () => {
    isClosed = true
    room.remove()
  })
  const connection = new MuxConnection(socket, frames, rest)

  /** The process id is the master's own while its socket is open. */
  function kill(signal: NodeJS.Signals) {
    if (isClosed) return
    try {
      process.kill(pid, signal)
    } catch {
      // ended by itself
    }
  }
  function destroy() {
    kill('SIGKILL')
    socket.destroy()
    room.remove()
  }

  return {
    async openSession(command) {
      const channel = await connection.open('session')
      try {
        await channel.request('exec', string(command))
        return remoteChannel(channel)
      } catch (error) {
        channel.destroy()
        throw error
      }
    },
    async forward(address, port) {
      const from = [string('127.0.0.1'), uint32(0)]
      const channel = await connection.open('direct-tcpip', string(address), uint32(port), ...from)
      channel.stderr.resume()
      return channel
    },
    /** A channel of a kind that no server has: each answers that at once, with a no, and starts nothing. */
    isAnswering: () =>
      connection.open('ping@studiolo').then(
        (channel) => {
          channel.destroy()
          return true
        },
        (error: unknown) => error instanceof OpenRefused,
      ),
    onClose(listener) {
      if (isClosed) listener()
      else socket.once('close', listener)
    },
    end() {
      kill('SIGTERM')
      room.remove()
      const disarm = clock.after(goodbyeMs, destroy)
      socket.once('close', disarm)
    },
    destroy,
  }
}

function remoteChannel(channel: Channel): RemoteChannel {
  return {
    stream: channel,
    stderr: channel.stderr,
    get exit() {
      return channel.exit
    },
    onExit: (listener) => channel.onExit(listener),
    close: () => channel.closeChannel(),
  }
}
