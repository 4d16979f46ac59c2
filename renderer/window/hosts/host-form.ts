import type { SshHostConfig } from '../../../preload/contract/settings.ts'

/** What is typed, as text. */
export interface HostDraft {
  name: string
  target: string
  account: string
  port: string
  keyPath: string
  folderPath: string
}

export const emptyDraft: HostDraft = {
  name: '',
  target: '',
  account: '',
  port: '',
  keyPath: '',
  folderPath: '',
}

export function draftOf(config: Omit<SshHostConfig, 'id' | 'kind'>): HostDraft {
  const { name, target, account, port, keyPath, folderPath } = config
  return {
    ...{ name, target },
    account: account ?? '',
    port: port === null ? '' : String(port),
    keyPath: keyPath ?? '',
    folderPath: folderPath ?? '',
  }
}

export type DraftProblem = { field: keyof HostDraft; key: string }

/** As many characters as the contract takes. */
const longest = { name: 80, target: 255, account: 64, keyPath: 1024, folderPath: 1024 } as const

/** What the core would refuse, said beside the field before it is sent; keys under `window.hosts.invalid`. */
export function problemsOf(draft: HostDraft): DraftProblem[] {
  const problems: DraftProblem[] = []
  const blankOrDash = /^-|[\s\p{Cc}]/u
  const target = draft.target.trim()
  if (target === '') problems.push({ field: 'target', key: 'target-missing' })
  else if (blankOrDash.test(target)) problems.push({ field: 'target', key: 'target' })
  if (blankOrDash.test(draft.account.trim())) problems.push({ field: 'account', key: 'account' })
  if (draft.port.trim() !== '' && !isPort(portOf(draft.port))) {
    problems.push({ field: 'port', key: 'port' })
  }
  for (const field of ['name', 'target', 'account', 'keyPath', 'folderPath'] as const) {
    if (draft[field].trim().length > longest[field]) problems.push({ field, key: 'too-long' })
  }
  return problems
}

/** The Host to add. Without a name it is called as it is reached. */
export function hostOf(draft: HostDraft): Omit<SshHostConfig, 'id' | 'kind'> {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  const target = draft.target.trim()
  const address = orNull(target.slice(target.indexOf('@') + 1)) ?? target
  return {
    name: orNull(draft.name) ?? address.slice(0, longest.name),
    target,
    account: orNull(draft.account),
    port: draft.port.trim() === '' ? null : portOf(draft.port),
    keyPath: orNull(draft.keyPath),
    folderPath: orNull(draft.folderPath),
  }
}

/** NaN for what is no row of digits: `2.5`, `0x16`, `1e3`. */
function portOf(text: string): number {
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535
}
