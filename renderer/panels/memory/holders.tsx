import { ChevronRight } from 'lucide-react'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { classNames } from '../../ui/class-names.ts'
import { lastValue } from '../panel.ts'
import { useSay } from '../say.ts'

const shownProcesses = 5

const summaryClass =
  'flex w-fit items-center gap-0.5 rounded-[5px] px-1 py-0.5 text-small text-soft'

/** Who holds the memory: closed until somebody asks, and until it is known. */
export function Holders({ host }: { host: HostState }) {
  const say = useSay()
  const items = lastValue(host, 'processes')?.items ?? []
  const pressure = lastValue(host, 'memory-pressure')
  const swap = lastValue(host, 'swap')
  const chevron = (
    <ChevronRight
      aria-hidden="true"
      className="-ml-[3px] size-3 transition-transform duration-150 group-open:rotate-90"
    />
  )
  if (items.length === 0)
    return (
      <button type="button" disabled className={classNames(summaryClass, '-mx-1 mt-1 opacity-60')}>
        {chevron}
        {say('popover.memory.holders')}
      </button>
    )
  return (
    <details className="group -mx-1 mt-1">
      <summary className={classNames(summaryClass, 'list-none transition-colors hover:text-text')}>
        {chevron}
        {say('popover.memory.holders')}
      </summary>
      <div className="px-1 pt-1">
        <ul className="text-small">
          {items.slice(0, shownProcesses).map((item) => (
            <li key={item.pid} className="flex items-baseline gap-2 py-[2px]">
              <span className="min-w-0 truncate">{item.name}</span>
              <span className="min-w-0 flex-1 truncate text-soft">{item.account}</span>
              <span className="flex-none">
                {say('popover.memory.bytes', { usedBytes: item.footprintBytes })}
              </span>
            </li>
          ))}
        </ul>
        <p className="flex gap-3 pt-1 text-small text-soft">
          {pressure !== null && <span>{say(`popover.memory.pressure.${pressure.level}`)}</span>}
          {swap !== null && (
            <span>{say('popover.memory.swap', { usedBytes: swap.usedBytes })}</span>
          )}
        </p>
      </div>
    </details>
  )
}
