import { ChevronDown } from 'lucide-react'
import { useRef, useState } from 'react'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { Card, Heading, List } from '../../ui/card.tsx'
import { classNames } from '../../ui/class-names.ts'
import type { Panel, PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'
import { keepOrder } from './keep-order.ts'
import { ModelLine } from './model-line.tsx'
import { isActive, type ModelRow, modelRows } from './model-rows.ts'

export const models: Panel = {
  id: 'models',
  title: 'popover.models.title',
  order: 3,
  probes: [],
  isShown: (host) => host.runtimes.some(({ at, state }) => at !== null || state !== 'unknown'),
  Body: Models,
}

/** Rows in sight before "Show all". What is loaded, loads or just failed is always in sight. */
const shortList = 5

function Models({ host, jobs }: PanelProps) {
  const say = useSay()
  const [isWhole, setWhole] = useState(false)
  const rows = modelRows(host, jobs)
  const { order, hold } = useSteadyOrder(rows.map(({ id }) => id))
  const byId = new Map(rows.map((row) => [row.id, row]))
  const shown = order.flatMap((id) => byId.get(id) ?? [])
  const firstRows = isWhole
    ? shown
    : shown.filter((row, index) => index < shortList || isUrgent(row))
  const loadedCount = rows.filter(({ loaded }) => loaded !== null).length
  if (rows.length === 0) return <NoModels host={host} />
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
        onPointerEnter={() => hold(true)}
        onPointerLeave={() => hold(false)}
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

/** The wanted order, except while it is held; see {@link keepOrder}. */
function useSteadyOrder(wanted: readonly string[]) {
  const [isHeld, hold] = useState(false)
  const shown = useRef<readonly string[]>([])
  const order = keepOrder(shown.current, wanted, isHeld)
  shown.current = order
  return { order, hold }
}

/** Nothing to list: which of the two it is, no program that serves models or one without models. */
function NoModels({ host }: { host: HostState }) {
  const say = useSay()
  const running = host.runtimes.filter(({ state }) => state === 'running')
  const what = running.length === 0 ? 'no-runtime' : 'no-models'
  return (
    <section aria-labelledby="models-heading" className="grid grid-cols-1 gap-1">
      <Heading id="models-heading">{say('popover.models.title')}</Heading>
      <Card>
        <p className="font-medium">{say(`popover.models.${what}.title`)}</p>
        <p className="mt-0.5 text-small text-soft">
          {say(`popover.models.${what}.text`, {
            names: running.map(({ name }) => name).join(say('popover.list-separator')),
          })}
        </p>
      </Card>
    </section>
  )
}
