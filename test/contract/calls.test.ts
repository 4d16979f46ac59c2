import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { RPCHandler as PortHandler } from '@orpc/server/message-port'
import { RPCHandler as SocketHandler } from '@orpc/server/ws'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../../main/core/clock.ts'
import type { Core } from '../../main/core/create-core.ts'
import type { StudioloClient } from '../../main/core/services.ts'
import { createDemoHost } from '../../main/hosts/demo.ts'
import { createRecordedHost } from '../../main/hosts/recorded.ts'
import { parseRecording } from '../../main/hosts/recording/recording.ts'
import { createTestCore } from '../support/test-core.ts'
import { callsSuite, type Transport } from './calls.ts'

const recording = parseRecording(
  readFileSync(join(import.meta.dirname, '../../resources/demo/mac-studio.json'), 'utf8'),
)

function makeCore(): Promise<Core> {
  return createTestCore({
    hosts: {
      facts: async () => ({ osName: 'macOS', osVersion: '26.1', addresses: [] }),
      local: () => createRecordedHost({ id: 'this-machine', recording }),
      demo: () => createDemoHost({ recording, clock: systemClock }),
      ssh: ({ id }) => createRecordedHost({ id, recording }),
    },
  })
}

const messagePort: Transport = {
  async connect(core, context) {
    const { port1, port2 } = new MessageChannel()
    new PortHandler(core.router).upgrade(port1 as never, { context })
    const client: StudioloClient = createORPCClient(new PortLink({ port: port2 as never }))
    port1.start()
    port2.start()
    return {
      client,
      async close() {
        const closed = once(port1, 'close')
        port2.close()
        await closed
      },
    }
  },
}

const webSocket: Transport = {
  async connect(core, context) {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    const handler = new SocketHandler(core.router)
    server.on('connection', (socket) => void handler.upgrade(socket, { context }))
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(socket, 'open')
    const client: StudioloClient = createORPCClient(new SocketLink({ websocket: socket as never }))
    return {
      client,
      async close() {
        const closed = once(socket, 'close')
        socket.close()
        await closed
        await new Promise((resolve) => server.close(resolve))
      },
    }
  },
}

callsSuite('MessagePort', messagePort, makeCore)
callsSuite('WebSocket', webSocket, makeCore)
