import { readFileSync, statSync } from 'node:fs'
import type { LinkQuestion } from '../../../preload/contract/hosts.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { readSettings } from '../../core/settings-store.ts'
import { type Host, HostError, type Identity } from '../../hosts/host.ts'
import { createRecordedHost } from '../../hosts/recorded.ts'
import { parseRecording, type Recording } from '../../hosts/recording/recording.ts'
import { readText } from '../settings-backing.ts'
import type { CliArgs } from './args.ts'
import { CliFailure, type CliIo, exitCodes } from './io.ts'

const largestRecordingBytes = 50_000_000

/** A Host that has answered. */
export interface OpenHost {
  host: Host
  name: string
  identity: Identity
  close(): Promise<void>
}

/** How a Host is named in `--json`. */
export interface HostJson {
  name: string
  kind: Host['kind']
  platform: Identity['platform']
  account: string
  at: string
}

/** At the Host’s own time: a recording answers with the moment it was made. */
export function hostJson({ host, name, identity }: OpenHost): HostJson {
  const { platform, account } = identity
  return { name, kind: host.kind, platform, account, at: new Date(host.now()).toISOString() }
}

/** The Host that the arguments name. Rejects with a {@link CliFailure} where it does not answer. */
export async function openHost(args: CliArgs, io: CliIo): Promise<OpenHost> {
  const { host, name } = findHost(args, io)
  const asked = new AbortController()
  let question: LinkQuestion | null = null
  const stop = host.onLink((link) => {
    if (link.question === null) return
    question = link.question
    asked.abort()
  })
  try {
    const identity = await host.identify({ signal: asked.signal })
    const hostName = name ?? (identity.hostName || host.id)
    return { host, name: hostName, identity, close: () => host.close() }
  } catch (error) {
    await host.close()
    if (question !== null) throw needsAnswer(question, name ?? host.id)
    if (!(error instanceof HostError)) throw error
    throw new CliFailure(
      exitCodes.unreadable,
      [
        { key: 'cli.no-answer', params: { name: name ?? host.id } },
        error.info.message,
        ...(error.info.remedy === undefined ? [] : [error.info.remedy.text]),
      ],
      { cause: error },
    )
  } finally {
    stop()
  }
}

/** `name` is null where the Host tells its own. */
function findHost(args: CliArgs, io: CliIo): { host: Host; name: string | null } {
  const { recordingPath, hostName } = args
  if (recordingPath !== null) {
    const recording = readRecording(recordingPath)
    return { host: createRecordedHost({ id: 'recording', recording }), name: recording.host.name }
  }
  if (hostName === null) return { host: io.hosts.local(), name: null }
  const config = findSshConfig(hostName, io)
  return { host: io.hosts.ssh(config), name: config.name }
}

/** The Host of the settings by this name. Throws a {@link CliFailure} where there is none. */
export function findSshConfig(hostName: string, io: CliIo): SshHostConfig {
  const path = io.settingsPath
  const { settings, problem } = readSettings({ path, read: () => readText(path) })
  const config = findConfig(settings.hosts, hostName)
  if (config !== undefined) return config
  if (problem !== null) throw new CliFailure(exitCodes.unreadable, [problem.message])
  const names = settings.hosts.map((host) => host.name).join(', ')
  throw new CliFailure(
    exitCodes.unreadable,
    names === ''
      ? [{ key: 'cli.no-hosts', params: { name: hostName } }]
      : [{ key: 'cli.unknown-host', params: { name: hostName, names } }],
  )
}

/** By name, else by what one types after `ssh`, else by id. */
function findConfig(hosts: readonly SshHostConfig[], wanted: string): SshHostConfig | undefined {
  const same = (text: string) => text.toLowerCase() === wanted.trim().toLowerCase()
  return (
    hosts.find((host) => same(host.name)) ??
    hosts.find((host) => same(host.target)) ??
    hosts.find((host) => host.id === wanted)
  )
}

function readRecording(path: string): Recording {
  const fail = (key: string, error?: unknown) => {
    const said = error instanceof Error ? error.message : ''
    const detail = said.replace(/^Not a recording of Studiolo: /, '')
    return new CliFailure(exitCodes.unreadable, [{ key, params: { path, detail } }], {
      cause: error,
    })
  }
  let text: string
  try {
    if (statSync(path).size > largestRecordingBytes) throw fail('cli.recording-too-large')
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw error instanceof CliFailure ? error : fail('cli.recording-unreadable', error)
  }
  try {
    return parseRecording(text)
  } catch (error) {
    throw fail('cli.recording-not-one', error)
  }
}

function needsAnswer(question: LinkQuestion, name: string): CliFailure {
  const message =
    question.kind === 'host-key'
      ? { key: 'cli.needs-host-key', params: { name, fingerprint: question.fingerprint } }
      : { key: `cli.needs-${question.what}`, params: { name, subject: question.subject } }
  return new CliFailure(exitCodes.unreadable, [message])
}
