import { useEffect } from 'react'
import { client } from '../client.ts'
import { useIsHeldOpen } from '../panels/hold-open.ts'
import { SettingsProblem } from '../settings-problem.tsx'
import { Popover } from './popover.tsx'

/** The popover fills its own panel; in a browser it is a card on a quiet page. */
export function PopoverPlace({ isBrowser }: { isBrowser: boolean }) {
  if (!isBrowser) return <PopoverPanel />
  return (
    <div className="flex min-h-screen flex-col items-center gap-3 bg-backdrop px-4 py-10">
      <div className="w-[380px] empty:hidden">
        <SettingsProblem />
      </div>
      <div className="rounded-popover shadow-float">
        <Popover />
      </div>
    </div>
  )
}

function PopoverPanel() {
  const isHeld = useIsHeldOpen()
  useEffect(() => {
    client.app.holdPopover({ isHeld }).catch(() => undefined)
  }, [isHeld])
  return (
    <>
      <div className="w-[380px] bg-material px-2.5 not-empty:pt-2.5">
        <SettingsProblem />
      </div>
      <Popover isOnMaterial />
    </>
  )
}
