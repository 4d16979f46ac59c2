import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process'

/** Runs a program to its end; throws with what it said on stderr where it failed. */
export function command(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The same, where a failure is no matter. */
export function attempt(program: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
