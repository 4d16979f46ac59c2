import { List, Row } from '../ui/card.tsx'
import { Placeholder } from '../ui/placeholder.tsx'

/** In place of a machine that may be found. */
export function SuggestionPlaceholder() {
  return (
    <Row
      aria-hidden="true"
      title={<Placeholder className="w-24" />}
      detail={<Placeholder className="w-36" />}
    />
  )
}

/** As high as what is fetched meanwhile. */
export function FirstRunPlaceholder() {
  return (
    <div aria-hidden="true" className="grid grid-cols-1 gap-1">
      <p className="px-1 text-small">
        <Placeholder className="w-24" />
      </p>
      <List>
        <SuggestionPlaceholder />
        <SuggestionPlaceholder />
        <SuggestionPlaceholder />
      </List>
    </div>
  )
}
