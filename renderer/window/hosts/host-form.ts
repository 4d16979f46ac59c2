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

/** What the core would refuse, said beside the field before it is sent; keys under `window.hosts.invalid`. */
export function problemsOf(draft: HostDraft): DraftProblem[] {
  const problems: DraftProblem[] = []
  const target = draft.target.trim()
  if (target === '') problems.push({ field: 'target', key: 'target-missing' })
  else if (/^-|[\s\p{Cc}]/u.test(target)) problems.push({ field: 'target', key: 'target' })
  if (/^-|[\s\p{Cc}]/u.test(draft.account.trim()))
    problems.push({ field: 'account', key: 'account' })
  const port = draft.port.trim()
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    problems.push({ field: 'port', key: 'port' })
  }
  return problems
}

/** The Host to add. Without a name it is called as it is reached. */
export function hostOf(draft: HostDraft): Omit<SshHostConfig, 'id' | 'kind'> {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  const target = draft.target.trim()
  return {
    name: orNull(draft.name) ?? target.slice(target.indexOf('@') + 1).slice(0, 80),
    target,
    account: orNull(draft.account),
    port: orNull(draft.port) === null ? null : Number(draft.port.trim()),
    keyPath: orNull(draft.keyPath),
    folderPath: orNull(draft.folderPath),
  }
}
