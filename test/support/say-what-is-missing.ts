import { hasSshd } from './sshd.ts'

/** Once for a run, before its first test: what to install so that none is skipped. */
export default function sayWhatIsMissing(): void {
  if (!hasSshd) console.error('No sshd here: install openssh-server to run the SSH tests.')
}
