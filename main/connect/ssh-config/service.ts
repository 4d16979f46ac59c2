import { createHash } from 'node:crypto'
import nodeFs from 'node:fs'
import { dirname, matchesGlob } from 'node:path'
import type { ErrorInfo } from '../../../preload/contract/base.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { SshConfigState } from '../../../preload/contract/ssh-config.ts'
import { errorInfo, StudioloError, toErrorInfo } from '../../core/errors.ts'
import type { Clock, Log, SettingsStore } from '../../core/ports.ts'
import type { NewHost, Services } from '../../core/services.ts'
import { aliasOf, type KnownNames, knownNames, withAliases } from './aliases.ts'
import { diffOf, isIncluding, withInclude, withoutInclude } from './edit.ts'
import {
  type ConfigFile,
  type FileSystem,
  lookAtConfig,
  problemOf,
  readTextIfThere,
} from './files.ts'
import { configPaths, isOurs } from './place.ts'
import { isWritable, type RenderedHost, renderOwnFile } from './render.ts'
import { resolveRendered } from './resolve.ts'
import { followerOf, type TailnetView, whereabouts } from './whereabouts.ts'
import { backUp, backupsOf, makeFolder, removeFile, replaceFile } from './write.ts'

export interface SshConfigOptions {
  settings: SettingsStore
  homeDir: string
  env: Record<string, string | undefined>
  clock: Clock
  log: Log
  /** @default Node's own */
  fs?: FileSystem
  /** @default nothing is ever known of it */
  tailnet?: TailnetView
}

const unknownTailnet: TailnetView = { now: () => null, onChange: () => () => {} }

/** What a look at all files found. */
interface Look {
  file: ConfigFile
  isIncluded: boolean
  ownText: string
  conflicts: SshConfigState['conflicts']
  unwritable: SshConfigState['unwritable']
  names: KnownNames
  problem: ErrorInfo | null
}

/**
 * Keeps Studiolo's own SSH configuration in step with its Hosts, and the one Include line in the person's. Nothing is written before
 * `include`; from then on our own file, and only that, follows the settings.
 */
export function createSshConfigService({
  settings,
  homeDir,
  env,
  clock,
  log,
  fs = nodeFs,
  tailnet = unknownTailnet,
}: SshConfigOptions): Services['sshConfig'] & {
  /** The alias that a new Host gets: its own, else a free one while our file is included. */
  aliasFor(host: NewHost): Promise<string | null>
  close(): void
} {
  const { sshDir, configPath, ownPath, includeLine, isOwn } = configPaths(homeDir)
  let isClosed = false
  let line: Promise<unknown> = Promise.resolve()

  /** One after the other: two writers would see each other's half. */
  function inLine<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = line.then(run)
    line = result.catch(() => {})
    return result
  }

  async function look(): Promise<Look> {
    const file = lookAtConfig(fs, configPath)
    const isIncluded = file.bytes !== null && isIncluding(file.bytes, isOwn)
    const names = await knownNames({ configPath, homeDir })
    const taken = new Map(names.aliases)
    const conflicts: SshConfigState['conflicts'] = []
    const named: { config: SshHostConfig; alias: string }[] = []
    const { hosts: all } = settings.get().settings
    for (const config of isIncluded ? all : withAliases(all, names)) {
      const { id: hostId, alias } = config
      if (alias === null) continue
      const path = taken.get(alias.toLowerCase())
      if (path === undefined) named.push({ config, alias })
      else conflicts.push({ hostId, alias, path })
      taken.set(alias.toLowerCase(), path ?? ownPath)
    }
    const before = readTextIfThere(fs, ownPath)
    const isTaken = isOurs(before) === false
    const hosts: RenderedHost[] = []
    const unwritable: SshConfigState['unwritable'] = []
    for (const { config, alias } of named) {
      const addressNow = followerOf(config, {
        alias,
        tailnet: tailnet.now(),
        ownText: before ?? '',
      })
      const host = await resolveRendered(config, alias, { homeDir, env, addressNow })
      hosts.push(host)
      if (!isWritable(host)) unwritable.push({ hostId: config.id, alias })
    }
    const problem = file.problem ?? (isTaken ? problemOf('own-path-taken', ownPath) : null)
    return {
      ...{ file, isIncluded, conflicts, unwritable, names, problem },
      ownText: renderOwnFile(hosts, sshDir),
    }
  }

  function stateOf({ file, isIncluded, problem, ...look }: Look): SshConfigState {
    const { ownText, conflicts, unwritable } = look
    return {
      state: isIncluded ? 'included' : problem === null ? 'not-included' : 'blocked',
      ...{ path: file.path, resolvedPath: file.resolvedPath, ownPath, ownText },
      ...{ conflicts, unwritable, problem },
      diff: isIncluded ? [] : diffOf(file.bytes ?? Buffer.alloc(0), includeLine),
      revision: revisionOf(file.bytes),
    }
  }

  /** Our own file, where it differs from what it should be. */
  function writeOwn(text: string): void {
    const now = readTextIfThere(fs, ownPath)
    if (isOurs(now) === false) throw new StudioloError(problemOf('own-path-taken', ownPath))
    if (now !== text) replaceFile(fs, ownPath, Buffer.from(text))
  }

  /** A backup, then the file. */
  function edit({ file, names }: Look, bytes: Buffer): void {
    const isHidden = (path: string) => names.includes.some((pattern) => matchesGlob(path, pattern))
    backUp(fs, file, { now: clock.now(), isHidden })
    replaceFile(fs, file.resolvedPath, bytes, { owner: file.owner, expected: file.bytes })
  }

  async function nameHosts({ names }: Look): Promise<void> {
    const { hosts } = settings.get().settings
    if (withAliases(hosts, names).every((host, index) => host === hosts[index])) return
    await settings.update((now) => ({ ...now, hosts: withAliases(now.hosts, names) }))
  }

  async function follow(): Promise<void> {
    const { bytes } = lookAtConfig(fs, configPath)
    if (isClosed || bytes === null || !isIncluding(bytes, isOwn)) return
    const { ownText } = await look()
    if (!isClosed) writeOwn(ownText)
  }

  function followSoon(): void {
    inLine(follow).catch((error) => {
      log.warn('The SSH configuration could not be brought up to date', {
        detail: toErrorInfo(error).detail ?? toErrorInfo(error).code,
      })
    })
  }

  let known = JSON.stringify(settings.get().settings.hosts)
  const stop = settings.onChange(({ settings: { hosts } }) => {
    const next = JSON.stringify(hosts)
    if (next !== known) followSoon()
    known = next
  })
  let places = ''
  const stopTailnet = tailnet.onChange(() => {
    const next = whereabouts(settings.get().settings.hosts, tailnet.now(), places)
    if (next !== places) followSoon()
    places = next
  })
  followSoon()

  return {
    read: () => inLine(async () => stateOf(await look())),
    include: (revision) =>
      inLine(async () => {
        const before = await look()
        if (revisionOf(before.file.bytes) !== revision) {
          throw new StudioloError(errorInfo('changed-meanwhile'))
        }
        if (!before.isIncluded && before.problem !== null) throw new StudioloError(before.problem)
        await nameHosts(before)
        const named = await look()
        makeFolder(fs, dirname(ownPath))
        writeOwn(named.ownText)
        // the line only once there is something to include
        if (!before.isIncluded) {
          edit(before, withInclude(before.file.bytes ?? Buffer.alloc(0), includeLine))
        }
        return stateOf(await look())
      }),
    remove: () =>
      inLine(async () => {
        const before = await look()
        const { bytes, resolvedPath } = before.file
        if (before.isIncluded && bytes !== null) {
          if (before.file.problem !== null) throw new StudioloError(before.file.problem)
          const rest = withoutInclude(bytes, isOwn)
          // Without a backup there was no file before ours.
          if (rest.length === 0 && backupsOf(fs, configPath).length === 0) {
            removeFile(fs, resolvedPath)
          } else edit(before, rest)
        }
        if (isOurs(readTextIfThere(fs, ownPath))) removeFile(fs, ownPath)
        return stateOf(await look())
      }),
    aliasFor: (host) =>
      inLine(async () => {
        const { bytes } = lookAtConfig(fs, configPath)
        if (host.alias !== null || bytes === null || !isIncluding(bytes, isOwn)) return host.alias
        const names = await knownNames({ configPath, homeDir })
        return aliasOf(host, settings.get().settings.hosts, names)
      }),
    close() {
      isClosed = true
      stop()
      stopTailnet()
    },
  }
}

function revisionOf(bytes: Buffer | null): string {
  return bytes === null ? 'none' : createHash('sha256').update(bytes).digest('hex')
}
