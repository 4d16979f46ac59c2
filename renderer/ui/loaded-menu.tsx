import { Menu as BaseMenu } from '@base-ui/react/menu'
import type { MenuEntry, MenuProps } from './menu.tsx'

/** The menu itself, open at first; see {@link MenuProps}. */
export function LoadedMenu(props: MenuProps) {
  return (
    <BaseMenu.Root defaultOpen>
      <BaseMenu.Trigger aria-label={props.label} title={props.label} className={props.className}>
        {props.face}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner
          align={props.align ?? 'end'}
          sideOffset={4}
          collisionPadding={8}
          className="z-10 outline-none"
        >
          <BaseMenu.Popup className="min-w-[160px] max-w-[340px] rounded-control bg-raised p-1 text-base text-text shadow-float outline-none">
            {props.entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

const itemClass =
  'flex min-h-[26px] items-center gap-1.5 rounded-[5px] px-2 py-1 outline-none data-[highlighted]:bg-accent-fill data-[highlighted]:text-on-accent'

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case 'separator':
      return <BaseMenu.Separator className="mx-2 my-1 hairline-t" />
    case 'action':
      return (
        <BaseMenu.Item className={itemClass} onClick={entry.onSelect}>
          {entry.label}
        </BaseMenu.Item>
      )
    case 'choices':
      return (
        <BaseMenu.RadioGroup
          value={entry.value}
          onValueChange={(value: string) => entry.onChange(value)}
        >
          {entry.options.map((option) => (
            <BaseMenu.RadioItem
              key={option.value}
              value={option.value}
              closeOnClick
              className={itemClass}
            >
              <span className="w-3 flex-none text-button" aria-hidden="true">
                <BaseMenu.RadioItemIndicator>✓</BaseMenu.RadioItemIndicator>
              </span>
              {option.label}
            </BaseMenu.RadioItem>
          ))}
        </BaseMenu.RadioGroup>
      )
  }
}
