import { contextBridge, ipcRenderer } from 'electron'
import { type Bridge, portChannel } from './port.ts'

const bridge: Bridge = {
  requestPort: () => ipcRenderer.send(portChannel),
}

ipcRenderer.on(portChannel, (event) => {
  window.postMessage(portChannel, window.location.origin, event.ports as MessagePort[])
})

contextBridge.exposeInMainWorld('studiolo', bridge)
