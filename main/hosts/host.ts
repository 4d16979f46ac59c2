import type { Duplex } from 'node:stream'
import type { ErrorInfo } from '../../preload/contract/base.ts'
import type { HostStep, Link, LinkQuestion } from '../../preload/contract/hosts.ts'

/** As `process.platform` names it; no other system is a Host. */
export type Platform = 'darwin' | 'linux'

/** A program and its arguments; never a shell string. A program without `/` is looked up in the Host's PATH. */
export type Argv = readonly [program: string, ...args: string[]]

/** How a program is run; see Host.run. */
export interface RunOptions {
  /** Given to the program's standard input, which is then closed. The only way for a secret to reach a Host. */
  stdin?: string | Uint8Array
  /** @default 15000. Rejects with `timeout`; the program is ended. */
  timeoutMs?: number
  signal?: AbortSignal
}

/** What a program answered. Any exit code is an answer: macOS programs say much through it, and not always the truth. */
export interface CommandOutput {
  stdout: string
  stderr: string
  exitCode: number
  durationMs: number
  /** The program is not there: exit code 127, or ENOENT on this machine. */
  isMissing?: boolean
  /** A recorded Host has no answer for this command. */
  isNotRecorded?: boolean
}

/** Why a command could not be run at all: which part of the way failed. */
export type HostErrorKind = 'unreachable' | 'auth' | 'host-key' | 'timeout' | 'cancelled'

/** The command could not be run at all. `info` says why in words that the page can show. */
export class HostError extends Error {
  readonly kind: HostErrorKind
  readonly info: ErrorInfo
  constructor(kind: HostErrorKind, info: ErrorInfo, options?: ErrorOptions) {
    super(info.detail ?? info.code, options)
    this.name = 'HostError'
    this.kind = kind
    this.info = info
  }
}

/** A question asked again and again. `label` is unique in its list. */
export interface Tick {
  label: string
  argv: Argv
  /** Not asked more often than this. */
  everyMs: number
  /** Takes long (iostat waits a second): runs beside the others, its answer comes with a later tick. */
  isSlow?: boolean
}

/** The answers of one tick. Labels that were not due, or are slow and not ready, are absent. */
export interface TickAnswer {
  outputs: ReadonlyMap<string, CommandOutput>
  /** From asking to the last line of the answer: the liveness figure. */
  roundTripMs: number
}

/**
 * A running gauge: one process on the Host that sleeps between asks. It ends with `close`, with the connection, or
 * when its client is gone.
 */
export interface Ticker {
  /** Asks for all labels that are due; `labels` narrows that. One ask at a time; a second one waits for the first. */
  ask(options?: {
    labels?: readonly string[]
    timeoutMs?: number
    signal?: AbortSignal
  }): Promise<TickAnswer>
  close(): void
}

/** Who answers: read once after the connection stands. */
export interface Identity {
  platform: Platform
  hostName: string
  account: string
  /** Names of the account's groups, as `id -Gn` prints them. */
  groups: readonly string[]
  userId: number
}

/** Where a server listens, as the Host itself would reach it. */
export interface HttpEndpoint {
  port: number
  /** @default '127.0.0.1' */
  address?: string
}

/** The part of a Link that the Host itself knows; staleness is judged by the core, from ticks. */
export interface HostLink {
  state: 'idle' | 'connecting' | 'asking' | 'connected' | 'failed'
  path: Link['path']
  via?: Link['via']
  problem: ErrorInfo | null
  question: LinkQuestion | null
  /** The hops of the latest attempt. Empty for Hosts that need no connection. */
  steps: readonly HostStep[]
}

/**
 * A machine that answers. Local, SSH, recorded or demo: nobody above this interface knows which.
 *
 * A Host connects by itself when it is first asked, keeps one connection, and connects again with back-off. All calls
 * may be made at once; those that a connection cannot carry at the same time wait in line. Every call ends: with an
 * answer, with its time-out, or with a {@link HostError}.
 */
export interface Host {
  readonly id: string
  readonly kind: 'local' | 'ssh' | 'recorded' | 'demo'
  /** Milliseconds since 1970, in the Host's own story: `recordedAt` on a recorded Host, else the clock. */
  now(): number
  identify(options?: { signal?: AbortSignal }): Promise<Identity>
  /** Resolves for any exit code; see {@link CommandOutput}. LC_ALL is C and Homebrew's folders are on the PATH. */
  run(argv: Argv, options?: RunOptions): Promise<CommandOutput>
  /** Starts a gauge. Rejects like `run`. */
  ticks(list: readonly Tick[], options?: { signal?: AbortSignal }): Promise<Ticker>
  /** A byte stream to a TCP port on the Host's own loopback. No listening port is opened anywhere. */
  connect(endpoint: HttpEndpoint, options?: { signal?: AbortSignal }): Promise<Duplex>
  /** A file's bytes; `~/` is the account's home. Null where there is no such file. Refuses more than `maxBytes` (default 1 MB). */
  read(
    path: string,
    options?: { maxBytes?: number; signal?: AbortSignal },
  ): Promise<Uint8Array | null>
  /** Writes beside, then renames. `mode` defaults to 0o600. */
  put(
    path: string,
    bytes: Uint8Array,
    options?: { mode?: number; signal?: AbortSignal },
  ): Promise<void>

  link(): HostLink
  onLink(listener: (link: HostLink) => void): () => void
  /** Answers the open question of {@link HostLink}; ignored when there is none, or when it is about another key. */
  answer(answer: LinkAnswer): void
  /**
   * Drops the back-off, and a connection that does not answer within 2 s, and connects now, because the person asks. `retry` is for
   * doing so without anybody's wish, after wake or network change or while nothing answers: it leaves a refused login and a rejected
   * host key alone, since a server may lock out who knocks too often, and nobody wants to be asked again and again.
   */
  reconnect(reason?: 'retry'): void
  /** Ends the connection but keeps the Host usable: the next call connects again. */
  release(): void
  close(): Promise<void>
}

/** What the person decided. A secret of null: they gave up. */
export type LinkAnswer =
  | { kind: 'host-key'; fingerprint: string; isAccepted: boolean }
  | { kind: 'secret'; secret: string | null; isRemembered: boolean }
