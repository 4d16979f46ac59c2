import { type ComponentType, type ReactNode, useState } from 'react'

export type MenuEntry =
  | { kind: 'action'; id: string; label: string; onSelect: () => void }
  | { kind: 'separator'; id: string }
  | {
      /** One of several, with a mark at the one that holds. */
      kind: 'choices'
      id: string
      value: string
      options: readonly { value: string; label: ReactNode }[]
      onChange: (value: string) => void
    }

export interface MenuProps {
  /** Of the button that opens it; shown as a tooltip too. */
  label: string
  /** What stands on that button. */
  face: ReactNode
  className: string
  entries: readonly MenuEntry[]
  align?: 'start' | 'end'
}

const loadMenu = () => import('./loaded-menu.tsx')

/**
 * A button with a menu. The menu's own code, a fifth of what the popover would otherwise ship, is fetched when somebody
 * comes near the button, and takes the button's place when they open it.
 */
export function Menu(props: MenuProps) {
  const [Loaded, setLoaded] = useState<ComponentType<MenuProps> | null>(null)
  if (Loaded !== null) return <Loaded {...props} />
  const prepare = () => {
    loadMenu().catch(() => undefined)
  }
  const open = () => {
    loadMenu().then(
      (module) => setLoaded(() => module.LoadedMenu),
      () => undefined,
    )
  }
  return (
    <button
      type="button"
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      title={props.label}
      className={props.className}
      onPointerEnter={prepare}
      onFocus={prepare}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
        event.preventDefault()
        open()
      }}
    >
      {props.face}
    </button>
  )
}
