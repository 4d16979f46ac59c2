/** The one word that main, preload and page share: who asks for a port says it, who answers says it back. */
export const portChannel = 'studiolo:port'

/** What the preload puts on `window.studiolo`; it is absent in the browser. */
export interface Bridge {
  /**
   * Asks main for a MessagePort that carries the contract. It arrives as a message event of this window with
   * `data === portChannel` and the port in `ports[0]`. A port asked for earlier is closed.
   */
  requestPort(): void
}
