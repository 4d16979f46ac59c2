import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { splitTarget } from '../../../preload/contract/ssh-target.ts'
import { HostError } from '../../hosts/host.ts'
import { resolveSshConfig, type SshConfig } from '../../hosts/ssh/config.ts'
import { hostNameOf } from '../../hosts/ssh/known-hosts.ts'
import { isNamedByProxy } from '../../hosts/ssh/proxy.ts'
import type { RenderedHost } from './render.ts'

/** A name that nobody has (RFC 2606): what `ssh -G` says of it holds for every host. */
const anyHost = 'studiolo.invalid'

export interface ResolveContext {
  homeDir: string
  env: Record<string, string | undefined>
  /** Where a Host is found now whose name is out of date, and whose key is known under `keyName`; null = the name is good. */
  addressNow(hostName: string, keyName: string): string | null
}

/**
 * What our file has to say so that the alias leads where the target leads: what `ssh -G` answers for the target, where it differs
 * from what holds for every host. Asks `ssh -G` twice; where it refuses, what the settings say is all there is.
 */
export async function resolveRendered(
  config: SshHostConfig,
  alias: string,
  context: ResolveContext,
): Promise<RenderedHost> {
  const { account, port, keyPath, target, isControlMasterOn } = config
  const typed = splitTarget(target)
  const given: RenderedHost = {
    ...{ alias, hostName: typed.host, port, isControlMasterOn },
    account: account ?? typed.account,
    identityFiles: keyPath === null ? [] : [keyPath],
    ...{ identityAgent: null, hostKeyAlias: null, proxyJump: null, proxyCommand: null },
  }
  const overrides = { account, port, keyPath: null, ...context }
  // Its own alias: ssh would answer what our file says, or what it said before the settings were changed.
  if (target === alias) {
    const usual = { ...given, hostName: null }
    if (config.tailnetNodeId === null) return usual
    const general = await resolveSshConfig(anyHost, overrides).catch(() => null)
    if (general === null || isNamedByProxy(general)) return usual
    return { ...usual, ...elsewhere({ ...general, hostname: alias.toLowerCase() }) }
  }
  let found: SshConfig
  let general: SshConfig
  try {
    ;[found, general] = await Promise.all([
      resolveSshConfig(target, overrides),
      resolveSshConfig(anyHost, overrides),
    ])
  } catch (error) {
    if (error instanceof HostError) return given
    throw error
  }
  const own = <Value>(value: Value, usual: Value) => (value === usual ? null : value)
  const isUsualKeys = found.identityFiles.join('\n') === general.identityFiles.join('\n')
  return {
    ...{ alias, hostName: found.hostname, account: found.user, port: found.port },
    isControlMasterOn,
    identityFiles: [
      ...given.identityFiles,
      ...(isUsualKeys ? [] : found.identityFiles.filter((path) => path !== keyPath)),
    ],
    identityAgent:
      found.identityAgent === general.identityAgent
        ? null
        : found.identityAgent === undefined
          ? 'SSH_AUTH_SOCK'
          : (found.identityAgent ?? 'none'),
    hostKeyAlias: own(found.hostKeyAlias, general.hostKeyAlias),
    proxyJump: own(found.proxyJump, general.proxyJump),
    proxyCommand: own(found.proxyCommand, general.proxyCommand),
    ...(isNamedByProxy(found) ? {} : elsewhere(found)),
  }

  /** Its key stays known under the name that it had. */
  function elsewhere(
    way: Pick<SshConfig, 'hostname' | 'port' | 'hostKeyAlias'>,
  ): Partial<RenderedHost> {
    const hostKeyAlias = hostNameOf(way).name
    const hostName = context.addressNow(way.hostname, hostKeyAlias)
    return hostName === null ? {} : { hostName, hostKeyAlias }
  }
}
