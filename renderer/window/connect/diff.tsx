import type { DiffLine } from '../../../preload/contract/ssh-config.ts'
import { useSay } from '../../panels/say.ts'
import { classNames } from '../../ui/class-names.ts'

const signs = { same: ' ', added: '+', removed: '−' } as const
const tones = {
  same: 'text-soft',
  added: 'bg-good-wash text-text',
  removed: 'bg-bad-wash text-text',
} as const

/** A change line by line: sign and colour for the eye, a word for a screen reader. */
export function Diff({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  const say = useSay()
  return (
    <section
      aria-label={label}
      className="selectable overflow-x-auto rounded-button bg-press py-1 font-mono text-small"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached without a mouse
      tabIndex={0}
    >
      <ol className="w-max min-w-full">
        {lines.map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal lines differ by their place only
          <li key={index} className={classNames('flex min-h-[17px] gap-2 px-2.5', tones[kind])}>
            <span
              aria-hidden="true"
              className={classNames(
                'w-2 flex-none select-none',
                kind === 'added' && 'text-good-text',
                kind === 'removed' && 'text-bad-text',
              )}
            >
              {signs[kind]}
            </span>
            {kind !== 'same' && (
              <span className="sr-only">{say(`window.connect.ssh.line.${kind}`)}</span>
            )}
            <span className="whitespace-pre">{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
