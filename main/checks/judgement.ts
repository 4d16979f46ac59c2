import type { Message, Remedy } from '../../preload/contract/base.ts'
import type { CheckState } from '../../preload/contract/checks.ts'
import type { Unknown } from '../../preload/contract/readings.ts'
import type { JudgeContext, Judgement } from './check.ts'

type Params = NonNullable<Message['params']>

/**
 * A judgement in the words `check.<id>.title.<outcome>` and `check.<id>.reason.<outcome>`; both get the same
 * parameters. Several outcomes of one check can share a state.
 */
export function judgement(
  id: string,
  state: CheckState,
  outcome: string,
  { params = {}, remedy }: { params?: Params; remedy?: Remedy } = {},
): Judgement {
  return {
    state,
    title: { key: `check.${id}.title.${outcome}`, params },
    reason: { key: `check.${id}.reason.${outcome}`, params },
    ...(remedy !== undefined && { remedy }),
  }
}

/**
 * The judgement where a reading is missing: `off` for a machine that has nothing of the kind, else `unknown` with the
 * reason and, where somebody can do something about it, a Remedy.
 */
export function withoutReading(
  id: string,
  { reason, detail }: Pick<Unknown, 'reason' | 'detail'>,
  context: JudgeContext,
): Judgement {
  if (reason === 'not-supported') {
    return {
      state: 'off',
      title: { key: `check.${id}.title.off` },
      reason: { key: `check.off.${context.platform}` },
    }
  }
  const remedy = remedyFor(reason, context)
  return {
    state: 'unknown',
    title: { key: `check.${id}.title.unknown` },
    reason: { key: `check.unknown.${reason}`, params: { detail } },
    ...(remedy !== undefined && { remedy }),
  }
}

function remedyFor(reason: Unknown['reason'], context: JudgeContext): Remedy | undefined {
  if (reason === 'needs-full-disk-access') {
    return context.isHere
      ? openSettings('check.remedy.full-disk-access-here', panes.fullDiskAccess)
      : { kind: 'do', where: 'on-host', text: { key: 'check.remedy.full-disk-access-on-host' } }
  }
  if (reason === 'needs-root' || reason === 'not-permitted') return doIt('administrator', context)
  return undefined
}

const settings = 'x-apple.systempreferences:com.apple'

/** Links to panes of System Settings since macOS 13. Anchors may be ignored, so that a Remedy's text gives the path too. */
export const panes = {
  fileVault: `${settings}.settings.PrivacySecurity.extension?FileVault`,
  fullDiskAccess: `${settings}.settings.PrivacySecurity.extension?Privacy_AllFiles`,
  privacySecurity: `${settings}.settings.PrivacySecurity.extension`,
  timeMachine: `${settings}.Time-Machine-Settings.extension`,
  softwareUpdate: `${settings}.Software-Update-Settings.extension`,
  sharing: `${settings}.Sharing-Settings.extension`,
  firewall: `${settings}.Network-Settings.extension?Firewall`,
  energy: `${settings}.Energy-Saver-Settings.extension`,
  storage: `${settings}.settings.Storage`,
} as const

function openSettings(key: string, target: string): Remedy {
  return { kind: 'open-settings', where: 'here', text: { key }, target }
}

/**
 * A pane of System Settings: opened here, else described, or as a command that does the same on the Host.
 * Words: `check.remedy.<name>`.
 */
export function inSettings(
  name: string,
  pane: string,
  context: JudgeContext,
  command?: string,
): Remedy {
  const key = `check.remedy.${name}`
  if (context.isHere) return openSettings(key, pane)
  return command === undefined
    ? { kind: 'do', where: 'on-host', text: { key } }
    : { kind: 'run-command', where: 'on-host', text: { key }, target: command }
}

/** Something to do by hand, without a place in System Settings. Words: `check.remedy.<name>`. */
export function doIt(name: string, context: JudgeContext): Remedy {
  return {
    kind: 'do',
    where: context.isHere ? 'here' : 'on-host',
    text: { key: `check.remedy.${name}` },
  }
}

/** A command to run on the Host, shown and copied, never run by the app. Words: `check.remedy.<name>`. */
export function runCommand(name: string, context: JudgeContext, command: string): Remedy {
  return { ...doIt(name, context), kind: 'run-command', target: command }
}

/** A page on the web. Words: `check.remedy.<name>`. */
export function readPage(name: string, address: string): Remedy {
  return { kind: 'read', where: 'here', text: { key: `check.remedy.${name}` }, target: address }
}
