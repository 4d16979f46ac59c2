import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { call, errorInfoSchema, hostId, isoTime, messageSchema } from './base.ts'
import { sshHostConfigSchema } from './settings.ts'

/** What only the person can decide before a connection goes on. */
export const linkQuestionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('host-key'),
    /** `[name]:port` or name, as known_hosts would write it. */
    address: z.string(),
    keyType: z.string(),
    /** `SHA256:…` as OpenSSH prints it. */
    fingerprint: z.string(),
  }),
  z.object({
    kind: z.literal('secret'),
    /** `pin` of a security key or a smart card; `code`: what the server asks in its own words. Neither is ever kept. */
    what: z.enum(['password', 'passphrase', 'pin', 'code']),
    /** Account, `@` and the name of the host key for a password, the key file's path for a passphrase, the key for a PIN, the server's words for a code. */
    subject: z.string(),
    /** The one given before was wrong. */
    isRetry: z.boolean(),
  }),
])
export type LinkQuestion = z.infer<typeof linkQuestionSchema>

/** One hop on the way to a Host, in this order. */
export const hostStepSchema = z.object({
  id: z.enum(['name', 'tcp', 'ssh', 'host-key', 'login', 'first-answer']),
  state: z.enum(['running', 'asking', 'passed', 'failed', 'skipped']),
  durationMs: z.number().nullable(),
  /** What was found: an address, a key's fingerprint, the method of login. */
  detail: z.string().nullable(),
  /** While it runs: what the person has to do, elsewhere than here. */
  task: messageSchema.optional(),
  error: errorInfoSchema.nullable(),
})
export type HostStep = z.infer<typeof hostStepSchema>

/**
 * How the Host answers now. `idle`: nobody asked; `asking`: waits for the person; `stale`: 3 s without an answer;
 * `unreachable`: 10 s, or refused.
 */
export const linkSchema = z.object({
  state: z.enum(['idle', 'connecting', 'asking', 'live', 'stale', 'unreachable']),
  /**
   * `direct`: past any tailnet, to an address elsewhere; `lan`: to one in a network of this machine's; `tailnet`: whether by a relay is not
   * known; `proxy`: jump hosts or a program of the person's carry the bytes, by ways that nobody here sees.
   */
  path: z.enum([
    'this-machine',
    'direct',
    'lan',
    'tailnet-direct',
    'tailnet-relay',
    'tailnet',
    'proxy',
    'recording',
    'demo',
  ]),
  /** With `proxy`: the jump hosts, in order. Absent where a ProxyCommand carries the bytes. */
  via: z.string().optional(),
  /** Time from asking for the last tick to its answer. */
  roundTripMs: z.number().nullable(),
  lastAnswerAt: isoTime.nullable(),
  /** Since when the link is in this state. */
  since: isoTime,
  problem: errorInfoSchema.nullable(),
  question: linkQuestionSchema.nullable(),
})
export type Link = z.infer<typeof linkSchema>

/** One step of making a key for a Host and putting it there. */
export const keySetUpStepSchema = z.object({
  id: z.enum(['make-key', 'log-in', 'put-key', 'test-key']),
  state: z.enum(['running', 'asking', 'passed', 'failed', 'skipped']),
  /** The key's path, its fingerprint, the file it was put into. */
  detail: z.string().nullable(),
  error: errorInfoSchema.nullable(),
})
export type KeySetUpStep = z.infer<typeof keySetUpStepSchema>

/** Told anew after each step; the last one has `isDone`. */
export const keySetUpProgressSchema = z.object({
  steps: z.array(keySetUpStepSchema),
  question: linkQuestionSchema.nullable(),
  /** The private key that logs in from now on; null until the last step has passed. */
  keyPath: z.string().nullable(),
  isDone: z.boolean(),
})
export type KeySetUpProgress = z.infer<typeof keySetUpProgressSchema>

/** A machine that could be added: an entry of `~/.ssh/config` or an online peer of the tailnet. */
export const hostSuggestionSchema = z.object({
  source: z.enum(['ssh-config', 'tailnet']),
  name: z.string(),
  target: z.string(),
  account: z.string().nullable(),
  detail: z.string().nullable(),
  /** Of a peer of the tailnet. */
  tailnetNodeId: z.string().nullable(),
})
export type HostSuggestion = z.infer<typeof hostSuggestionSchema>

const newHost = sshHostConfigSchema.omit({ id: true, kind: true })

export const hosts = {
  /** All of them, those worth showing first where only some are. */
  suggestions: call({ role: 'guest', on: 'here' }).output(z.array(hostSuggestionSchema)),
  add: call({ role: 'guest', on: 'here' }).input(newHost).output(sshHostConfigSchema),
  edit: call({ role: 'guest', on: 'here' }).input(sshHostConfigSchema).output(sshHostConfigSchema),
  remove: call({ role: 'guest', on: 'here' })
    .input(z.object({ id: hostId }))
    .output(z.void()),
  /**
   * Connects once, apart from the live link, and says each hop as it passes. Ends after the last hop; `asking`
   * waits for `answer` with this `testId`. The caller closes the stream to cancel.
   */
  test: call({ role: 'guest', on: 'here' })
    .input(z.object({ testId: z.string().min(8).max(100), host: newHost }))
    .output(
      eventIterator(
        z.object({
          steps: z.array(hostStepSchema),
          question: linkQuestionSchema.nullable(),
          isDone: z.boolean(),
        }),
      ),
    ),
  /** Answers the open question of a Host (`id` = host id) or of a test (`id` = test id). A secret is kept in memory, or in the keychain if `isRemembered`. */
  answer: call({ role: 'guest', on: 'here' })
    .input(
      z.object({
        id: z.string(),
        answer: z.discriminatedUnion('kind', [
          /** The fingerprint that the person saw, so that an answer never accepts another key. */
          z.object({
            kind: z.literal('host-key'),
            fingerprint: z.string(),
            isAccepted: z.boolean(),
          }),
          z.object({
            kind: z.literal('secret'),
            secret: z.string().max(10_000).nullable(),
            isRemembered: z.boolean(),
          }),
        ]),
      }),
    )
    .output(z.void()),
  /**
   * Makes an ed25519 key where there is none, logs in with the password (asked through `answer` with this `testId`, never
   * kept), puts the public key into the account's `authorized_keys`, and logs in once more with that key alone.
   */
  setUpKey: call({ role: 'guest', on: 'here' })
    .input(z.object({ testId: z.string().min(8).max(100), host: newHost }))
    .output(eventIterator(keySetUpProgressSchema)),
  /** Sends a Wake-on-LAN packet to a Host whose hardware address is known; fails as `not-found` where it is not. */
  wake: call({ role: 'guest', on: 'here' })
    .input(z.object({ id: hostId }))
    .output(z.void()),
  /** Tries again at once, without waiting for the back-off. */
  reconnect: call({ role: 'guest', on: 'here' })
    .input(z.object({ id: hostId }))
    .output(z.void()),
}
export type HostTestProgress = { steps: HostStep[]; question: LinkQuestion | null; isDone: boolean }
