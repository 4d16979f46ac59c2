import {
  CircleHelp,
  Download,
  History,
  Lock,
  LockOpen,
  type LucideIcon,
  ShieldCheck,
} from 'lucide-react'
import { useId, useState } from 'react'
import type { CheckResult } from '../../../preload/contract/checks.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { classNames } from '../../ui/class-names.ts'
import { Placeholder } from '../../ui/placeholder.tsx'
import { useNow } from '../clock.ts'
import type { Panel, PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'
import { CheckDetail } from './check-detail.tsx'

export const shields: Panel = {
  id: 'shields',
  isShown: (host) => shownShields(host).length > 0,
  Body: Shields,
}

/** All of them are a Mac's. */
const shieldIds = ['filevault', 'time-machine', 'updates']

/** The shields that apply to this Host, each with its check, or null before its first answer. */
export function shownShields({
  checks,
  platform,
}: Pick<HostState, 'checks' | 'platform'>): { id: string; check: CheckResult | null }[] {
  return shieldIds
    .map((id) => ({ id, check: checks.find((check) => check.id === id) ?? null }))
    .filter(({ check }) => (check === null ? platform !== 'linux' : check.state !== 'off'))
}

const iconOfArea: Partial<Record<CheckResult['area'], LucideIcon>> = {
  security: Lock,
  backup: History,
  updates: Download,
}

function iconOf({ state, area }: CheckResult): LucideIcon {
  if (state === 'unknown') return CircleHelp
  if (area === 'security' && state !== 'pass') return LockOpen
  return iconOfArea[area] ?? ShieldCheck
}

const tones: Record<CheckResult['state'], { box: string; icon: string }> = {
  pass: { box: 'hover:bg-press', icon: 'text-good' },
  attention: { box: 'bg-warn-wash', icon: 'text-warn' },
  fail: { box: 'bg-bad-wash', icon: 'text-bad' },
  unknown: { box: 'hover:bg-press', icon: 'text-soft' },
  off: { box: '', icon: 'text-soft' },
}

const shieldClass = 'flex min-w-0 items-center gap-[5px] px-2 py-[6px] text-small'

function Shields({ host }: PanelProps) {
  const say = useSay()
  // "Backup 2 h ago" grows older while the Host does not answer, too.
  useNow()
  const id = useId()
  const [openId, setOpenId] = useState<string | null>(null)
  const shown = shownShields(host)
  const open = shown.find((shield) => shield.id === openId)?.check ?? null
  return (
    <section aria-label={say('popover.shields.title')} className="grid grid-cols-1 gap-1.5">
      <div className="flex justify-between gap-1">
        {shown.map(({ id: shieldId, check }) => {
          if (check === null) return <ShieldPlaceholder key={shieldId} />
          const Icon = iconOf(check)
          const isOpen = check.id === openId
          return (
            <button
              key={shieldId}
              type="button"
              aria-expanded={isOpen}
              {...(isOpen && { 'aria-controls': id })}
              onClick={() => setOpenId(isOpen ? null : check.id)}
              className={classNames(
                shieldClass,
                'rounded-control transition-colors',
                tones[check.state].box,
                isOpen && 'hairline-ring',
              )}
            >
              <Icon
                role="img"
                aria-label={say(`popover.shields.state.${check.state}`)}
                className={classNames('size-[14px] flex-none', tones[check.state].icon)}
              />
              <span className="truncate">{say(check.title)}</span>
            </button>
          )
        })}
      </div>
      {open !== null && <CheckDetail id={id} check={open} host={host} />}
    </section>
  )
}

function ShieldPlaceholder() {
  return (
    <span className={shieldClass}>
      <Placeholder className="my-[3.5px] w-2" />
      <Placeholder className="w-16" />
    </span>
  )
}
