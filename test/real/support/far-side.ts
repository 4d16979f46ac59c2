import { readdirSync, readFileSync } from 'node:fs'

/** A process as `/proc` shows it. */
export interface FarProcess {
  pid: number
  parentPid: number
  name: string
  args: string[]
  userId: number
}

/** All processes of this machine, those in namespaces too; one that ends while we look is left out. */
export function processes(): FarProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8')
        const field = (label: string) =>
          new RegExp(`^${label}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? ''
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1)
        return [
          {
            pid: Number(name),
            parentPid: Number(field('PPid')),
            name: field('Name'),
            args,
            userId: Number(field('Uid').split('\t')[0]),
          },
        ]
      } catch {
        return []
      }
    })
}

const shells = ['sh', 'dash', 'bash', 'zsh', 'fish', 'tcsh']

/** The shells that sshd started for an account and that still run: one for each gauge, none for a finished command. */
export function shellsOf(userId: number): FarProcess[] {
  const all = processes()
  const sessions = new Set(all.filter(({ name }) => name.startsWith('sshd')).map(({ pid }) => pid))
  return all.filter(
    (one) => one.userId === userId && sessions.has(one.parentPid) && shells.includes(one.name),
  )
}
