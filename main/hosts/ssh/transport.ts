import type { Duplex, Readable } from 'node:stream'

/**
 * What carries a connection that is logged in: a library in this process, or the system's own ssh. Everything above (commands, gauge,
 * files, back-off) is the same for both.
 */
export interface Transport {
  /** Starts a command under the account's login shell. Rejects with {@link OpenRefused} where the far side wants no further channel. */
  openSession(command: string): Promise<RemoteChannel>
  /** A byte stream to an address as the far side sees it. Rejects with {@link OpenRefused} when it says no. */
  forward(address: string, port: number): Promise<Duplex>
  /** Asks the far side for a sign of life; stays open where none comes, so the caller bounds it. Never rejects. */
  isAnswering(): Promise<boolean>
  /** Calls once, when the connection has ended for whatever reason; at once if it has. */
  onClose(listener: () => void): void
  /** Says goodbye first. */
  end(): void
  /** Cuts at once, in any state. */
  destroy(): void
}

/** A command on the far side: its standard input and output. Errors of the streams are taken care of. */
export interface RemoteChannel {
  readonly stream: Duplex
  readonly stderr: Readable
  /**
   * How it ended, null until the far side has said it. A quick program's exit can be in the same packet as the start of its channel: a
   * caller that is told of the channel looks here first.
   */
  readonly exit: RemoteExit | null
  onExit(listener: (exit: RemoteExit) => void): void
  /** Closes the channel; a program on the far side meets closed pipes. */
  close(): void
}

export type RemoteExit = { code: number } | { signal: string }

/** The far side would not open a channel; `reason` is a number of RFC 4254, 5.1. */
export class OpenRefused extends Error {
  readonly reason: number

  constructor(message: string, reason: number) {
    super(message)
    this.reason = reason
  }
}
