import { RPCHandler } from '@orpc/server/message-port'
import { ipcMain, MessageChannelMain, type MessagePortMain } from 'electron'
import { portChannel } from '../../preload/port.ts'
import type { Core } from '../core/create-core.ts'
import { isOwnUrl } from './addresses.ts'

/** Gives each page of ours that asks one port with the contract on it. It ends with the page. */
export function servePorts(core: Core): void {
  const handler = new RPCHandler(core.router)
  const ports = new Map<number, MessagePortMain>()

  function end(pageId: number) {
    const port = ports.get(pageId)
    if (port === undefined) return
    ports.delete(pageId)
    port.close()
    // Electron tells the other end only; the handler stops its streams when it hears of it
    port.emit('close')
  }

  ipcMain.on(portChannel, ({ sender, senderFrame }) => {
    if (senderFrame === null || senderFrame !== sender.mainFrame) return
    if (!isOwnUrl(senderFrame.url)) return
    const pageId = sender.id
    if (ports.has(pageId)) end(pageId)
    else sender.once('destroyed', () => end(pageId))
    const { port1, port2 } = new MessageChannelMain()
    ports.set(pageId, port1)
    handler.upgrade(port1, { context: core.context() })
    port1.start()
    senderFrame.postMessage(portChannel, null, [port2])
  })
}
