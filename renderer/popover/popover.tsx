import type { FleetState } from '../../preload/contract/fleet.ts'
import { useFleet, useSelectedHost } from '../state/fleet.ts'
import { useSettings } from '../state/settings.ts'
import { PopoverView } from './view.tsx'

const nothingYet: FleetState = { revision: 0, hosts: [], jobs: [], alerts: [], tunnels: [] }

const usualSettings = { preferredToolId: 'cursor' } as const

/** The popover of this page's core. */
export function Popover({ isOnMaterial = false }: { isOnMaterial?: boolean }) {
  const fleet = useFleet() ?? nothingYet
  const selected = useSelectedHost()
  const settings = useSettings()?.settings
  const isFirstRun =
    settings?.hosts.length === 0 &&
    fleet.hosts.length > 0 &&
    !fleet.hosts.some(({ kind }) => kind === 'demo')
  return (
    <PopoverView
      fleet={fleet}
      selectedId={selected?.id ?? null}
      isFirstRun={isFirstRun}
      settings={settings ?? usualSettings}
      isOnMaterial={isOnMaterial}
    />
  )
}
