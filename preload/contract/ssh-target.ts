/** Splits what one types after `ssh` at its last `@`, as ssh does. */
export function splitTarget(target: string): { account: string | null; host: string } {
  const at = target.lastIndexOf('@')
  return { account: at < 0 ? null : target.slice(0, at), host: target.slice(at + 1) }
}
