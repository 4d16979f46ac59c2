/** With which code the browser host closes the WebSocket of a page; see `preload/contract/session.ts`. */
export const closeCodes = {
  /** The first message was no Hello. */
  badHello: 4400,
  /** The token was used, is too old, or was never given out; or the session is of an earlier start. */
  notAdmitted: 4401,
  /** No first message within 10 s. */
  helloTimeout: 4408,
  /** The host ends. */
  goingAway: 1001,
} as const
