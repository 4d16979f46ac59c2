import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../main/core/clock.ts'
import { createFleet } from '../../main/core/fleet.ts'
import { createJobs } from '../../main/core/jobs.ts'
import type { Host } from '../../main/hosts/host.ts'
import { createLocalHost } from '../../main/hosts/local.ts'
import { createTailnetActions } from '../../main/tailnet/actions.ts'
import { FakeClock } from './fake-clock.ts'
import { silentLog } from './silent-log.ts'
import { createTestDesktop } from './test-core.ts'
import { until } from './until.ts'

export type ScriptedTailscale = ReturnType<typeof scriptTailscale>

/** A folder with programs that a test writes, and a Host that finds them there. */
export function scriptTailscale() {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-tailscale-'))
  const env = { PATH: `${dir}:/usr/bin:/bin` }
  const host = createLocalHost({
    ...{ id: 'this-machine', clock: systemClock, log: silentLog, homeDir: dir, env },
  })

  function writeProgram(name: string, script: string) {
    writeFileSync(join(dir, name), `#!/bin/sh\ncd ${dir}\n${script}\n`)
    chmodSync(join(dir, name), 0o755)
  }

  return {
    host,
    writeProgram,
    /** A `tailscale` whose status is some files, which its other subcommands, and the test, write. `down` as state: no daemon. */
    writeTailscale(subcommands: Record<string, string>) {
      const branches = Object.entries(subcommands).map(([name, script]) => `${name}) ${script} ;;`)
      writeProgram(
        'tailscale',
        `case $1 in
status)
  [ "$(cat state)" = down ] && { echo 'failed to connect to local Tailscale service; is Tailscale running?' >&2; exit 1; }
  printf '{"BackendState":"%s","AuthURL":"%s","Self":%s}\\n' "$(cat state)" "$(cat url 2>/dev/null)" "$(cat self 2>/dev/null || echo null)" ;;
${branches.join('\n')}
esac`,
      )
    },
    say: (name: 'state' | 'url' | 'self', text: string) => writeFileSync(join(dir, name), text),
    read: (name: string) => readFileSync(join(dir, name), 'utf8'),
    has: (name: string) => existsSync(join(dir, name)),
    async close() {
      await host.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Tailscale's Jobs on a Host, by a clock that the test moves. */
export function tailnetJobs(local: Host) {
  const clock = new FakeClock()
  const fleet = createFleet()
  const jobs = createJobs({ fleet, clock, log: silentLog })
  const desktop = createTestDesktop()
  let refreshes = 0
  const actions = createTailnetActions({
    ...{ jobs, desktop, clock },
    local: () => local,
    refresh: async () => void refreshes++,
  })
  const job = (id: string) => fleet.get().jobs.find((one) => one.id === id)
  /** Moves the clock on until the Job is over. */
  const outcome = async (id: string) => {
    await until(async () => {
      await clock.advance(200)
      return job(id)?.endedAt !== null
    })
    return job(id)
  }
  return { actions, clock, desktop, job, jobs, outcome, refreshes: () => refreshes }
}
