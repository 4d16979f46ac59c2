import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Heading, List } from '../../ui/card.tsx'
import { classNames } from '../../ui/class-names.ts'
import { isAnswering, type Panel, type PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'
import { ModelLine } from './model-line.tsx'
import { isActive, type ModelRow, modelRows } from './model-rows.ts'
import { NoModels, whyNoModels } from './no-models.tsx'
import { useSteadyOrder } from './use-steady-order.ts'

export const models: Panel = {
  id: 'models',
  isShown: () => true,
  Body: Models,
}

/** Rows in sight before "Show all". What is loaded, loads or just failed is always in sight. */
const shortList = 5

function Models({ host, jobs }: PanelProps) {
  const say = useSay()
  const [isWhole, setWhole] = useState(false)
  const rows = modelRows(host, jobs)
  const { order, handlers } = useSteadyOrder(rows.map(({ id }) => id))
  const byId = new Map(rows.map((row) => [row.id, row]))
  const shown = order.flatMap((id) => byId.get(id) ?? [])
  const firstRows = isWhole
    ? shown
    : shown.filter((row, index) => index < shortList || isUrgent(row))
  const loadedCount = rows.filter(({ loaded }) => loaded !== null).length
  if (rows.length === 0) {
    const reason = whyNoModels(host.runtimes)
    const isAsking = reason === 'asking' && isAnswering(host)
    return (
      <section aria-labelledby="models-heading" className="grid grid-cols-1 gap-1">
        <Heading id="models-heading" aside={isAsking && say('popover.models.asking')}>
          {say('popover.models.title')}
        </Heading>
        <NoModels host={host} reason={reason} rowCount={shortList} />
      </section>
    )
  }
  return (
    <section aria-labelledby="models-heading" className="grid grid-cols-1 gap-1">
      <Heading
        id="models-heading"
        aside={say('popover.models.count', { loaded: loadedCount, count: rows.length })}
      >
        {say('popover.models.title')}
      </Heading>
      <List
        className={classNames('relative', isWhole && 'max-h-[436px] overflow-y-auto')}
        {...handlers}
      >
        {firstRows.map((row) => (
          <ModelLine key={row.id} row={row} host={host} />
        ))}
        {(isWhole || firstRows.length < rows.length) && (
          <li className="sticky bottom-0 bg-card hairline-t">
            <button
              type="button"
              aria-expanded={isWhole}
              onClick={() => setWhole(!isWhole)}
              className="flex h-7 w-full items-center justify-center gap-1 text-small text-soft -outline-offset-2 transition-colors hover:bg-press hover:text-text"
            >
              {say(isWhole ? 'popover.models.show-fewer' : 'popover.models.show-all', {
                count: rows.length,
              })}
              <ChevronDown
                aria-hidden="true"
                className={classNames('size-3 transition-transform', isWhole && 'rotate-180')}
              />
            </button>
          </li>
        )}
      </List>
    </section>
  )
}

function isUrgent(row: ModelRow): boolean {
  return row.loaded !== null || isActive(row.job) || row.job?.state === 'failed'
}
