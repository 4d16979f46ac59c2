import { classNames } from './class-names.ts'

/** `claim`: somebody else says that it is good. */
export type DotTone = 'good' | 'claim' | 'warn' | 'bad' | 'none'

const tones: Record<DotTone, string> = {
  good: 'bg-good',
  claim: 'bg-faint',
  warn: 'border-[1.5px] border-warn bg-warn-wash',
  bad: 'border-[1.5px] border-bad',
  none: 'border-[1.5px] border-faint',
}

/** A state beside a name. The shapes differ (full, tinted, ring), and `label` says it in words. */
export function StateDot({ tone, label }: { tone: DotTone; label: string }) {
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={classNames('inline-block size-[7px] flex-none rounded-full', tones[tone])}
    />
  )
}
