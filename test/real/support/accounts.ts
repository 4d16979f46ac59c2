import { readFileSync, writeFileSync } from 'node:fs'
import { until } from '../../support/until.ts'
import { attempt, command } from './commands.ts'
import { processes } from './far-side.ts'

/** An account of this machine, made for one run: its name carries the process id. */
export interface Account {
  name: string
  userId: number
  home: string
}

export function addAccount(name: string, home: string, shell: string): Account {
  const options = ['--create-home', '--home-dir', home, '--shell', shell, '--user-group']
  command('useradd', ...options, '--password', '*', name)
  // zsh asks a new account questions where it finds no start file
  writeFileSync(`${home}/.zshrc`, '')
  return { name, home, userId: Number(command('id', '-u', name)) }
}

/** Ends what runs in their name first. */
export async function removeAccounts(accounts: readonly Account[]): Promise<void> {
  const ids = accounts.map(({ userId }) => userId)
  for (const { pid } of processes().filter(({ userId }) => ids.includes(userId))) kill(pid)
  await until(() => accounts.every(({ name }) => removeAccount(name)))
}

/** The accounts of which the predicate says so, from `/etc/passwd`. */
export function accountNames(isMeant: (name: string) => boolean): string[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':')[0] ?? '')
    .filter(isMeant)
}

/** False while somebody is still logged in. */
export function removeAccount(name: string): boolean {
  return attempt('userdel', name).status !== 8
}

export function makeKey(path: string, type: string): void {
  const bits = type === 'rsa' ? ['-b', '2048'] : []
  command('ssh-keygen', '-q', '-t', type, ...bits, '-N', '', '-C', '', '-f', path)
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended by itself
  }
}
