import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { formatSettings, settingsPath } from '../../../main/core/settings.ts'
import { defaultSettings, type SshHostConfig } from '../../../preload/contract/settings.ts'
import { type App, startApp } from '../../e2e/support/app.ts'
import { pathFirst } from './own-machine.ts'
import type { TailnetNode } from './tailnet.ts'

/** The built app on the own machine, with these hosts in its settings; `own` null: a machine without Tailscale. */
export function startAppAt(
  own: TailnetNode | null,
  homeDir: string,
  hosts: SshHostConfig[],
): Promise<App> {
  const path = settingsPath({ platform: process.platform, env: {}, homeDir })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, formatSettings({ ...defaultSettings, hosts }))
  const env = { SHELL: '/bin/sh', ...(own !== null && { PATH: pathFirst(own) }) }
  return startApp({ homeDir, env })
}
