import { connect, type Socket } from 'node:net'
import { Fields, Frames, frame, uint32 } from './wire.ts'

/** Of PROTOCOL.mux in openssh-portable. */
const hello = 0x00000001
const aliveCheck = 0x10000004
const proxy = 0x1000000f
const alive = 0x80000005
const proxyGranted = 0x8000000f
const version = 4

/** A master that passes the messages of SSH's connection protocol on, unencrypted, over its own socket. */
export interface MuxProxy {
  socket: Socket
  /** What came after the master's last word of its own protocol. */
  rest: readonly Buffer[]
  frames: Frames
  /** Of the master. Its own as long as the socket is open. */
  pid: number
}

/**
 * Greets a master, asks for its process id, and puts the connection into proxy mode (`ssh -O proxy`, OpenSSH 7.4). Rejects when the
 * socket closes, or something else answers; an abort destroys the socket.
 */
export function openMux(path: string, signal: AbortSignal): Promise<MuxProxy> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, signal })
    const frames = new Frames()
    let pid = 0

    function fail(error: Error) {
      socket.destroy()
      reject(error)
    }
    function onClose() {
      reject(new Error('The master closed its socket.'))
    }
    function read(chunk: Buffer) {
      const messages = frames.feed(chunk)
      if (messages === null) return fail(new Error('No answer of a master.'))
      while (messages.length > 0) {
        const fields = new Fields(messages.shift() ?? Buffer.alloc(0))
        const type = fields.uint32()
        const id = fields.uint32()
        if (type === hello) {
          if (id !== version) return fail(new Error(`A master of version ${id}.`))
        } else if (type === alive && id === 0) {
          pid = fields.uint32()
        } else if (type === proxyGranted && id === 1 && pid > 1) {
          socket.off('data', read).off('error', fail).off('close', onClose)
          // an aborted signal would reach into a connection that stands
          socket.on('error', () => undefined)
          socket.pause()
          return resolve({ socket, frames, rest: messages, pid })
        } else {
          return fail(new Error(`A master that answers ${type.toString(16)}.`))
        }
      }
    }

    socket.on('data', read)
    socket.on('error', fail)
    socket.on('close', onClose)
    socket.write(
      Buffer.concat([
        frame(uint32(hello), uint32(version)),
        frame(uint32(aliveCheck), uint32(0)),
        frame(uint32(proxy), uint32(1)),
      ]),
    )
  })
}
