import type { Message } from '../../../preload/contract/base.ts'
import type { Language } from '../../../preload/words/units.ts'
import type { HostFactory, Log } from '../../core/ports.ts'

export const exitCodes = {
  ok: 0,
  attention: 1,
  unreadable: 2,
  unknown: 3,
  usage: 64,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What surrounds the command line. */
export interface CliIo {
  /** For the answer; whole lines. */
  out(text: string): void
  /** For what people are told beside the answer; whole lines. */
  err(text: string): void
  /** A person sits at the other end of `err`. */
  isWatched: boolean
  language: Language
  say(message: Message, language?: Language, now?: number): string
  hosts: HostFactory
  settingsPath: string
  /** The account's home folder, where `.ssh` is. */
  homeDir: string
  env: Record<string, string | undefined>
  platform: string
  log: Log
  version: string
}

/** Ends the command line with a status and one line that says why and what to do. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode
  readonly messages: readonly Message[]
  constructor(exitCode: ExitCode, messages: readonly Message[], options?: ErrorOptions) {
    super(messages.map(({ key }) => key).join(', '), options)
    this.name = 'CliFailure'
    this.exitCode = exitCode
    this.messages = messages
  }
}
