import type { RPCLink } from '@orpc/client/message-port'
import { type Bridge, portChannel } from '../preload/port.ts'
import { keepSession } from './session.ts'

/** What carries calls, whichever transport it is. */
type Link = Pick<RPCLink<Record<never, never>>, 'call'>

/** `lost`: tries again by itself. `refused`: this page's link is used up; a fresh one must be opened. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused'

declare global {
  interface Window {
    studiolo?: Bridge
  }
}

/** The one connection of this page to the core. It is made anew when it is lost. */
export interface Connection {
  /** Resolves when calls can be made; pending while the connection is lost. */
  ready(): Promise<Link>
  state(): ConnectionState
  onState(listener: () => void): () => void
}

export function createConnection(): Connection {
  let state: ConnectionState = 'connecting'
  let opened = Promise.withResolvers<Link>()
  const listeners = new Set<() => void>()

  function become(next: ConnectionState) {
    if (next === state) return
    state = next
    for (const listener of listeners) listener()
  }

  function open(link: Link) {
    opened.resolve(link)
    become('open')
  }

  /** Calls made from now on wait for the next connection. */
  function lose() {
    if (state === 'open') opened = Promise.withResolvers()
    become('lost')
  }

  if (window.studiolo !== undefined) openPort(window.studiolo, open)
  else void openSocket(open, lose, () => become('refused'))

  return {
    ready: () => opened.promise,
    state: () => state,
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function openPort(bridge: Bridge, open: (link: Link) => void) {
  window.addEventListener('message', (event) => {
    const [port] = event.ports
    if (event.source !== window || event.data !== portChannel || port === undefined) return
    void import('@orpc/client/message-port').then(({ RPCLink }) => {
      const link = new RPCLink({ port })
      port.start()
      open(link)
    })
  })
  bridge.requestPort()
}

/** The token is taken out of the address at once: nobody shall copy it out of there afterwards. */
function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) history.replaceState(null, '', `${location.pathname}#popover`)
  return token
}

async function openSocket(onOpen: (link: Link) => void, onLost: () => void, onRefused: () => void) {
  const { RPCLink } = await import('@orpc/client/websocket')
  const page = {
    takeToken,
    onAddress: (listener: () => void) => window.addEventListener('hashchange', listener),
    storage: sessionStorage,
    connect: () => new WebSocket(`ws://${location.host}/ws`),
    after: (delayMs: number, run: () => void) => void setTimeout(run, delayMs),
  }
  keepSession(page, {
    onOpen: (socket) => onOpen(new RPCLink({ websocket: socket })),
    onLost,
    onRefused,
  })
}
