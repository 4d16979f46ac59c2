import { closeCodes } from '../preload/close-codes.ts'
import type { Hello, Welcome } from '../preload/contract/session.ts'

/** What of a WebSocket a session needs. */
export interface Socket {
  send(text: string): void
  addEventListener(
    kind: 'open' | 'message' | 'close',
    listener: (event: { data?: unknown; code?: number }) => void,
    options?: { once: boolean },
  ): void
}

/** What of the page a session needs. */
export interface SessionPage<Kind extends Socket> {
  /** The token in the page's address, taken out of it; null where there is none. */
  takeToken(): string | null
  /** Calls when the page, still the same, was given another address: a fresh link was opened in it. */
  onAddress(listener: () => void): void
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  connect(): Kind
  after(delayMs: number, run: () => void): void
}

export interface SessionEvents<Kind extends Socket> {
  /** The browser host admitted the page; everything from now on belongs to the contract. */
  onOpen(socket: Kind): void
  /** Tries again by itself. */
  onLost(): void
  /** Neither token nor session is good: waits for a fresh link. */
  onRefused(): void
}

const storageKey = 'studiolo-session'
const firstRetryMs = 250
const longestRetryMs = 5_000

/**
 * Keeps this page's session with the browser host, over one WebSocket at a time. A link's token is exchanged for a session
 * key, with which the page comes back after a reload or a loss for as long as the host runs.
 */
export function keepSession<Kind extends Socket>(
  page: SessionPage<Kind>,
  { onOpen, onLost, onRefused }: SessionEvents<Kind>,
): void {
  let token = page.takeToken()
  let isWaitingForLink = false
  let retryMs = firstRetryMs

  page.onAddress(() => {
    const fresh = page.takeToken()
    if (fresh === null) return
    token = fresh
    if (!isWaitingForLink) return
    isWaitingForLink = false
    attempt()
  })

  function nextHello(): Hello | null {
    if (token !== null) return { token }
    const sessionKey = page.storage.getItem(storageKey)
    return sessionKey === null ? null : { sessionKey }
  }

  function refuse() {
    isWaitingForLink = true
    onRefused()
  }

  function attempt() {
    const hello = nextHello()
    if (hello === null) return refuse()
    const socket = page.connect()
    socket.addEventListener('open', () => {
      // Used by being said: after a loss it would only be refused.
      if ('token' in hello) token = null
      socket.send(JSON.stringify(hello))
    })
    socket.addEventListener(
      'message',
      ({ data }) => {
        const { sessionKey } = JSON.parse(String(data)) as Welcome
        page.storage.setItem(storageKey, sessionKey)
        retryMs = firstRetryMs
        onOpen(socket)
      },
      { once: true },
    )
    socket.addEventListener('close', ({ code }) => {
      if (code === closeCodes.notAdmitted || code === closeCodes.badHello) {
        // A used link does no harm to a page that has a session already.
        if ('sessionKey' in hello) page.storage.removeItem(storageKey)
        return attempt()
      }
      onLost()
      page.after(retryMs, attempt)
      retryMs = Math.min(longestRetryMs, retryMs * 2)
    })
  }

  attempt()
}
