import type { Message } from '../../preload/contract/base.ts'
import type { FleetState, HostState } from '../../preload/contract/fleet.ts'
import type { Settings } from '../../preload/contract/settings.ts'
import { hostName } from '../../preload/words/host-name.ts'

/** All that the menu bar shows, in words. Two equal faces need no redrawing. */
export interface TrayFace {
  /** Beside the picture; empty unless the person wants it and the number is of now. */
  title: string
  tooltip: string
  hosts: readonly { id: string; label: string; isSelected: boolean }[]
}

/** Says what is known now. A number that is not of now is never shown. */
export function trayFace(
  fleet: Pick<FleetState, 'hosts'>,
  settings: Pick<Settings, 'selectedHostId' | 'isRoomShownInMenuBar'>,
  say: (message: Message) => string,
): TrayFace {
  const selected = selectedHost(fleet, settings)
  const room = selected === undefined ? null : roomNow(selected)
  const hasTitle = settings.isRoomShownInMenuBar && room !== null
  const titleKey = selected?.kind === 'demo' ? 'tray.title-demo' : 'tray.title'
  return {
    title: hasTitle ? say({ key: titleKey, params: { roomBytes: room } }) : '',
    tooltip: selected === undefined ? 'Studiolo' : hostLine(selected, say),
    hosts: fleet.hosts.map((host) => ({
      id: host.id,
      label: hostLine(host, say),
      isSelected: host.id === selected?.id,
    })),
  }
}

/** The Host whose room the menu bar tells: the one shown first in the popover. */
export function selectedHost(
  { hosts }: Pick<FleetState, 'hosts'>,
  { selectedHostId }: Pick<Settings, 'selectedHostId'>,
): HostState | undefined {
  return hosts.find(({ id }) => id === selectedHostId) ?? hosts[0]
}

/** With the mark of the demo: outside the page nothing else tells it from a real Studio. */
export function markedName(host: HostState, say: (message: Message) => string): string {
  const name = hostName(host, say)
  return host.kind === 'demo' ? say({ key: 'tray.demo-name', params: { name } }) : name
}

function roomNow({ link, memoryBar }: HostState): number | null {
  return link.state === 'live' && memoryBar !== null ? memoryBar.roomBytes : null
}

function hostLine(host: HostState, say: (message: Message) => string): string {
  const name = markedName(host, say)
  const room = roomNow(host)
  return room === null
    ? say({ key: `tray.host.${host.link.state}`, params: { name } })
    : say({ key: 'tray.host.room', params: { name, roomBytes: room } })
}
