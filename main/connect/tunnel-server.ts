import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Duplex, pipeline } from 'node:stream'

export interface Listening {
  /** On 127.0.0.1. */
  port: number
  /** Ends its connections as well. Resolves when the port is free again. */
  close(): Promise<void>
}

export interface TunnelEvents {
  connect(signal: AbortSignal): Promise<Duplex>
  /** How many connections are open now. */
  onCount(count: number): void
  /** A connection has reached its far end. */
  onCarried(): void
  onProblem(error: unknown): void
}

/** Listens on 127.0.0.1 only, and carries each connection to a stream of its own. `port` 0: any free one. Rejects as `listen` fails. */
export async function listen(port: number, events: TunnelEvents): Promise<Listening> {
  const sockets = new Set<Socket>()
  const closing = new AbortController()

  // one half may end before the other: HTTP clients and `nc -N` say so that they have said all
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    events.onCount(sockets.size)
    const gone = new AbortController()
    socket.on('error', () => undefined)
    socket.once('close', () => {
      sockets.delete(socket)
      gone.abort()
      events.onCount(sockets.size)
    })
    const signal = AbortSignal.any([gone.signal, closing.signal])
    events.connect(signal).then(
      (channel) => {
        if (!signal.aborted) events.onCarried()
        carry(socket, channel)
      },
      (error: unknown) => {
        if (!signal.aborted) events.onProblem(error)
        // a reset, since an orderly end would look like an empty answer
        socket.resetAndDestroy()
      },
    )
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1' }, resolve)
  })
  server.on('error', (error) => events.onProblem(error))

  return {
    port: (server.address() as AddressInfo).port,
    close() {
      closing.abort()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      return closed
    },
  }
}

/** Both ways, each ending by itself; an error of one end is an error of the other. Ends with the socket. */
export function carry(socket: Socket, channel: Duplex): void {
  channel.on('error', () => undefined)
  socket.once('close', () => channel.destroy())
  if (socket.destroyed) {
    channel.destroy()
    return
  }
  // not two pipelines: the end of this direction must not cut what the other still has to write
  socket.pipe(channel)
  let isChannelClosed = false
  channel.once('close', () => {
    isChannelClosed = true
    socket.unpipe(channel)
    socket.resume()
  })
  pipeline(channel, socket, (error) => {
    if (error != null) {
      channel.destroy()
      socket.resetAndDestroy()
    } else if (isChannelClosed) socket.destroySoon()
    else channel.once('close', () => socket.destroySoon())
  })
}
