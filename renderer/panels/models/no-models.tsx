import type { HostState } from '../../../preload/contract/fleet.ts'
import type { RuntimeState } from '../../../preload/contract/models.ts'
import { Button } from '../../ui/button.tsx'
import { Card, List, Row } from '../../ui/card.tsx'
import { Placeholder } from '../../ui/placeholder.tsx'
import { useOpenDoctor } from '../open-doctor.ts'
import { useSay } from '../say.ts'

/** Why there is nothing to list. `asking`: some model server was not asked yet. `unknown`: some could not be asked, and none runs. */
export type NoModelsReason = 'asking' | 'no-models' | 'no-runtime' | 'unknown'

export function whyNoModels(
  runtimes: readonly Pick<RuntimeState, 'state' | 'at'>[],
): NoModelsReason {
  const running = runtimes.filter(({ state }) => state === 'running')
  // one that was found and did not tell its models yet has no time of an answer either
  if (running.some(({ at }) => at !== null)) return 'no-models'
  if (runtimes.length === 0 || runtimes.some(({ at }) => at === null)) return 'asking'
  return runtimes.every(({ state }) => state === 'not-running') ? 'no-runtime' : 'unknown'
}

interface NoModelsProps {
  host: HostState
  reason: NoModelsReason
  /** How many rows stand for models that may come. */
  rowCount: number
}

export function NoModels({ host, reason, rowCount }: NoModelsProps) {
  const say = useSay()
  const openDoctor = useOpenDoctor()
  if (reason === 'asking') {
    // most machines that somebody sits at serve no models, and the others do
    return host.kind === 'local' ? <NoteAsking /> : <RowsAsking count={rowCount} />
  }
  const names = host.runtimes
    .filter(({ state }) => state === (reason === 'unknown' ? 'unknown' : 'running'))
    .map(({ name }) => name)
    .join(say('popover.list-separator'))
  return (
    <Card>
      <p className="font-medium">{say(`popover.models.${reason}.title`)}</p>
      <p className="mt-0.5 text-small text-soft">
        {say(`popover.models.${reason}.text`, { names })}
      </p>
      {reason === 'unknown' && (
        <>
          {detailsOf(host.runtimes).map((detail) => (
            <p
              key={detail}
              className="selectable mt-1 line-clamp-2 break-words font-mono text-[10px] text-soft leading-[14px]"
              title={detail}
            >
              {detail}
            </p>
          ))}
          {host.kind === 'ssh' && (
            <Button size="small" className="mt-2" onClick={() => openDoctor(host.id)}>
              {say('popover.connect.doctor')}
            </Button>
          )}
        </>
      )}
    </Card>
  )
}

/** What went wrong, each once. `RuntimeError: no answer within 5000 ms` → `no answer within 5000 ms` */
export function detailsOf(runtimes: readonly Pick<RuntimeState, 'state' | 'detail'>[]): string[] {
  const details = runtimes.flatMap(({ state, detail }) =>
    state === 'unknown' && detail !== null ? [detail.replace(/^\w*Error: /, '')] : [],
  )
  return [...new Set(details)]
}

function RowsAsking({ count }: { count: number }) {
  const keys = Array.from({ length: count }, (_, index) => `row ${index}`)
  return (
    <List aria-hidden="true">
      {keys.map((key) => (
        <Row
          key={key}
          title={<Placeholder className="w-32" />}
          detail={<Placeholder className="w-48" />}
        />
      ))}
      <li className="hairline-t">
        <div className="h-7" />
      </li>
    </List>
  )
}

/** As high as what it most likely becomes. */
function NoteAsking() {
  return (
    <Card aria-hidden="true">
      <p>
        <Placeholder className="w-40" />
      </p>
      <p className="mt-0.5 text-small">
        <Placeholder className="w-full" />
        <br />
        <Placeholder className="w-24" />
      </p>
    </Card>
  )
}
