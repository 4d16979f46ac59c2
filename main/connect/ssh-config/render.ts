import { parseConfigLines, quoteArgument } from './syntax.ts'

/** What our file says of one Host; null = left to the rest of the configuration. */
export interface RenderedHost {
  alias: string
  hostName: string | null
  account: string | null
  port: number | null
  identityFiles: readonly string[]
  /** `none` is no agent. */
  identityAgent: string | null
  hostKeyAlias: string | null
  proxyJump: string | null
  proxyCommand: string | null
  isControlMasterOn: boolean
}

/** By its first line our file is known again. */
export const ownFileMark = '# Studiolo keeps this file:'
const header = `${ownFileMark} it is written anew when a host changes in the settings.
# One line at the top of ~/.ssh/config includes it. The settings take both away again.
`

/** A link that is cut is noticed after three of them. */
const aliveEverySeconds = 30

/** Whether ssh_config can hold every value: there is no way to write a control character. */
export function isWritable(host: RenderedHost): boolean {
  return blockOf(host, '').length > 0
}

/** Where our file leads an alias whose host key it says to be known as `keyName`; null where it says neither. */
export function writtenHostName(text: string, alias: string, keyName: string): string | null {
  let block: string | undefined
  let hostName: string | null = null
  let isKnown = false
  for (const { keyword, args } of parseConfigLines(text)) {
    if (keyword === 'host') block = args[0]
    else if (block === alias && keyword === 'hostname') hostName = args[0] ?? null
    else if (block === alias && keyword === 'hostkeyalias') isKnown = args[0] === keyName
  }
  return isKnown ? hostName : null
}

/** Our whole file, without what is not {@link isWritable}. */
export function renderOwnFile(hosts: readonly RenderedHost[], sshDir: string): string {
  return [header, ...hosts.flatMap((host) => blockOf(host, sshDir))].join('\n')
}

function blockOf(host: RenderedHost, sshDir: string): string[] {
  const { alias, hostName, account, port, identityFiles, identityAgent } = host
  try {
    const lines = [
      // ssh replaces %h and the like in it
      ['HostName', hostName === null ? null : quoteArgument(hostName.replaceAll('%', '%%'))],
      ['User', account === null ? null : quoteArgument(account)],
      ['Port', port === null ? null : String(port)],
      ...identityFiles.map((path) => ['IdentityFile', quoteArgument(path)]),
      ['IdentityAgent', identityAgent === null ? null : quoteArgument(identityAgent)],
      ['HostKeyAlias', host.hostKeyAlias === null ? null : quoteArgument(host.hostKeyAlias)],
      ['ProxyJump', host.proxyJump === null ? null : quoteArgument(host.proxyJump)],
      // takes the rest of the line as it is
      ['ProxyCommand', host.proxyCommand === null ? null : oneLine(host.proxyCommand)],
      ['ServerAliveInterval', String(aliveEverySeconds)],
      ...(host.isControlMasterOn
        ? [
            ['ControlMaster', 'auto'],
            ['ControlPath', quoteArgument(`${sshDir}/studiolo-%C`)],
            ['ControlPersist', '10m'],
          ]
        : []),
    ]
    const said = lines.flatMap(([keyword, value]) =>
      value === null ? [] : [`  ${keyword} ${value}\n`],
    )
    return [`Host ${quoteArgument(alias)}\n${said.join('')}`]
  } catch (error) {
    if (error instanceof TypeError) return []
    throw error
  }
}

function oneLine(command: string): string {
  if (/\p{Cc}/u.test(command)) throw new TypeError('ssh_config has no way to write this command')
  return command
}
