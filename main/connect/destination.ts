import nodeFs from 'node:fs'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { splitTarget } from '../../preload/contract/ssh-target.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import { StudioloError } from '../core/errors.ts'
import { resolveSshConfig, type SshConfig } from '../hosts/ssh/config.ts'
import { hostNameOf } from '../hosts/ssh/known-hosts.ts'
import { isNamedByProxy } from '../hosts/ssh/proxy.ts'
import { addressFor } from '../tailnet/peers.ts'
import { isAliasInUse } from './ssh-config/place.ts'
import type { Destination, Tool } from './tools.ts'

export interface DestinationOptions {
  /** This machine's tailnet; null where nothing is known. Asked only for a Host whose node is known. */
  tailnet(): Tailnet | null | Promise<Tailnet | null>
  homeDir: string
  env: Record<string, string | undefined>
}

/** What one types after `ssh`, and what is set beside it. */
type Typed = Pick<SshHostConfig, 'target' | 'account' | 'port' | 'keyPath'>

/** A name that is out of date: where it leads now, and what `ssh -G` says of it. */
interface Moved {
  address: string
  resolved: SshConfig
}

/**
 * Our alias where ssh knows it, since it carries port, key and all; else what the settings say, at the node's address where the name is
 * no longer the node's. Runs up to three `ssh -G`. Rejects with a StudioloError where the tool would lose a port or a key, and with a
 * HostError where ssh refuses its configuration.
 */
export async function destinationOf(
  config: SshHostConfig,
  takes: Tool['takes'],
  options: DestinationOptions,
): Promise<Destination> {
  const { homeDir, env } = options
  const { alias, tailnetNodeId, target, account, port, keyPath } = config
  if (alias !== null && isAliasInUse(nodeFs, homeDir, alias)) {
    const byAlias = { target: alias, account: null, port: null, keyPath: null }
    // our file follows the node only while the app runs
    if ((await movedFrom(byAlias)) === null) return plain(alias)
  }
  const typed: Typed = { target, account, port, keyPath }
  const moved = await movedFrom(typed)
  if (takes !== 'ssh-arguments') return forEditor(moved)
  const elsewhere = moved && {
    hostName: moved.address,
    hostKeyAlias: hostNameOf(moved.resolved).name,
  }
  return { ...plain(withAccount(account, target)), port, keyPath, elsewhere }

  async function movedFrom(wanted: Typed): Promise<Moved | null> {
    if (tailnetNodeId === null) return null
    const tailnet = await options.tailnet()
    if (tailnet === null) return null
    const resolved = await resolve(wanted)
    if (isNamedByProxy(resolved)) return null
    const address = addressFor({ target: resolved.hostname, tailnetNodeId }, tailnet)
    return address === null ? null : { address, resolved }
  }

  /** An editor is given a name, some a port; what ssh would do with that alone must be all that is wanted. */
  async function forEditor(moved: Moved | null): Promise<Destination> {
    const given = account ?? splitTarget(target).account
    const name = withAccount(given, moved?.address ?? target)
    if (moved === null && port === null && keyPath === null) return plain(name)
    const nothing = { account: null, port: null, keyPath: null }
    const [alone, wanted] = await Promise.all([
      resolve({ ...nothing, target: name }),
      moved?.resolved ?? resolve({ target, account, port, keyPath }),
    ])
    const isPortLost = takes === 'name' && wanted.port !== alone.port
    if (isPortLost) throw refusal('connect.port-needs-alias', { port: wanted.port })
    const keys = keyPath === null ? wanted.identityFiles : wanted.identityFiles.slice(0, 1)
    const lost = keys.find((path) => !alone.identityFiles.includes(path))
    if (lost !== undefined) throw refusal('connect.key-needs-alias', { path: keyPath ?? lost })
    const isSameUser = moved === null || wanted.user === alone.user
    return {
      ...plain(isSameUser ? name : withAccount(wanted.user, name)),
      port: wanted.port === alone.port ? null : wanted.port,
    }
  }

  function resolve(wanted: Typed): Promise<SshConfig> {
    return resolveSshConfig(wanted.target, { ...wanted, env, homeDir })
  }
}

function plain(name: string): Destination {
  return { name, port: null, keyPath: null, elsewhere: null }
}

/** As for `ssh -l`, the account of the settings goes before one in the target. */
function withAccount(account: string | null, target: string): string {
  return account === null ? target : `${account}@${splitTarget(target).host}`
}

export function refusal(key: string, params: Record<string, string | number> = {}): StudioloError {
  return new StudioloError({ code: 'invalid-input', message: { key, params } })
}
