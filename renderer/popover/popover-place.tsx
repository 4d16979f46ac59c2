import { Popover } from './popover.tsx'

/** The popover fills its own panel; in a browser it is a card on a quiet page. */
export function PopoverPlace({ isBrowser }: { isBrowser: boolean }) {
  if (!isBrowser) return <Popover isOnMaterial />
  return (
    <div className="flex min-h-screen items-start justify-center bg-backdrop px-4 py-10">
      <div className="rounded-popover shadow-float">
        <Popover />
      </div>
    </div>
  )
}
