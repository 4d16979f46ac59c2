import { type ComponentType, type ReactNode, useEffect, useState } from 'react'

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

type LoadedMenu = ComponentType<MenuProps & { isOpenAtFirst: boolean }>

/** A button with a menu. The menu's own code is fetched after the first paint. */
export function Menu(props: MenuProps) {
  const [Loaded, setLoaded] = useState<LoadedMenu | null>(null)
  const [isWanted, setWanted] = useState(false)
  useEffect(() => {
    let isGone = false
    import('./loaded-menu.tsx').then(
      (module) => !isGone && setLoaded(() => module.LoadedMenu),
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [])
  if (Loaded !== null) return <Loaded {...props} isOpenAtFirst={isWanted} />
  return (
    <button
      type="button"
      aria-label={props.label}
      aria-haspopup="menu"
      title={props.label}
      className={props.className}
      onClick={() => setWanted(true)}
    >
      {props.face}
    </button>
  )
}
