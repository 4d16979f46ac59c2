import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { splitTarget } from '../../../preload/contract/ssh-target.ts'

/** What is typed, as text. */
export interface HostDraft {
  name: string
  target: string
  account: string
  port: string
  keyPath: string
  folderPath: string
  alias: string
  isControlMasterOn: boolean
}

/** The fields that are typed. */
export type TextField = Exclude<keyof HostDraft, 'isControlMasterOn'>

export const emptyDraft: HostDraft = {
  name: '',
  target: '',
  account: '',
  port: '',
  keyPath: '',
  folderPath: '',
  alias: '',
  isControlMasterOn: false,
}

export function draftOf(config: Omit<SshHostConfig, 'id' | 'kind'>): HostDraft {
  const { name, target, account, port, keyPath, folderPath, alias, isControlMasterOn } = config
  return {
    ...{ name, target },
    account: account ?? '',
    port: port === null ? '' : String(port),
    keyPath: keyPath ?? '',
    folderPath: folderPath ?? '',
    alias: alias ?? '',
    isControlMasterOn,
  }
}

export type DraftProblem = { field: TextField; key: string }

/** As many characters as the contract takes. */
const longest = {
  ...{ name: 80, target: 255, account: 64, keyPath: 1024, folderPath: 1024, alias: 64 },
} as const

/**
 * What the core would refuse, said beside the field before it is sent; keys under `window.hosts.invalid`.
 * `taken` are the aliases of the other Hosts.
 */
export function problemsOf(
  draft: HostDraft,
  taken: ReadonlySet<string> = new Set(),
): DraftProblem[] {
  const problems: DraftProblem[] = []
  const blankOrDash = /^-|[\s\p{Cc}]/u
  const target = draft.target.trim()
  if (target === '') problems.push({ field: 'target', key: 'target-missing' })
  else if (blankOrDash.test(target)) problems.push({ field: 'target', key: 'target' })
  if (blankOrDash.test(draft.account.trim())) problems.push({ field: 'account', key: 'account' })
  if (draft.port.trim() !== '' && !isPort(portOf(draft.port))) {
    problems.push({ field: 'port', key: 'port' })
  }
  const alias = draft.alias.trim()
  if (alias !== '' && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(alias)) {
    problems.push({ field: 'alias', key: 'alias' })
  } else if (taken.has(alias.toLowerCase())) {
    problems.push({ field: 'alias', key: 'alias-taken' })
  }
  const texts = ['name', 'target', 'account', 'keyPath', 'folderPath', 'alias'] as const
  for (const field of texts) {
    if (draft[field].trim().length > longest[field]) problems.push({ field, key: 'too-long' })
  }
  return problems
}

/** The Host to add, or what `before` becomes. Without a name it is called as it is reached. */
export function hostOf(
  draft: HostDraft,
  before: Omit<SshHostConfig, 'id' | 'kind'> = { name: '', target: '', ...plainHost },
): Omit<SshHostConfig, 'id' | 'kind'> {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  const target = draft.target.trim()
  const address = orNull(splitTarget(target).host) ?? target
  const { kind: _kind, id: _id, ...known } = { kind: 'ssh', id: '', ...before }
  return {
    ...known,
    name: orNull(draft.name) ?? address.slice(0, longest.name),
    target,
    account: orNull(draft.account),
    port: draft.port.trim() === '' ? null : portOf(draft.port),
    keyPath: orNull(draft.keyPath),
    folderPath: orNull(draft.folderPath),
    alias: orNull(draft.alias),
    isControlMasterOn: draft.isControlMasterOn,
  }
}

/** NaN for what is no row of digits: `2.5`, `0x16`, `1e3`. */
function portOf(text: string): number {
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535
}

/** In lower case: ssh finds a name in whatever case it is typed. */
export function takenAliases(hosts: readonly Pick<SshHostConfig, 'alias'>[]): ReadonlySet<string> {
  return new Set(hosts.flatMap(({ alias }) => alias?.toLowerCase() ?? []))
}
