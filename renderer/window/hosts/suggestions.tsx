import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { HostSuggestion } from '../../../preload/contract/hosts.ts'
import { client } from '../../client.ts'
import { useSay } from '../../panels/say.ts'
import { Button } from '../../ui/button.tsx'
import { Heading, List, Row } from '../../ui/card.tsx'

/** More would push the form out of the window. */
const mostAtFirst = 12

/** Machines that this one already knows: online peers of the tailnet, entries of `~/.ssh/config`. */
export function Suggestions({ onChoose }: { onChoose: (suggestion: HostSuggestion) => void }) {
  const say = useSay()
  const [isAllShown, setAllShown] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  // the button that had the focus is gone
  useEffect(() => {
    if (isAllShown) list.current?.querySelectorAll('button')[mostAtFirst]?.focus()
  }, [isAllShown])
  const { data, isPending } = useQuery({
    queryKey: ['suggestions'],
    queryFn: () => client.hosts.suggestions(),
    staleTime: 5_000,
  })
  if (isPending) return <p className="px-1 text-small text-soft">{say('window.hosts.looking')}</p>
  if (data === undefined || data.length === 0) return null
  const shown = isAllShown ? data : data.slice(0, mostAtFirst)
  return (
    <div ref={list} className="flex flex-col gap-1.5">
      <Heading level={3}>{say('window.hosts.found')}</Heading>
      <List aria-label={say('window.hosts.found')}>
        {shown.map((suggestion) => (
          <Row
            key={`${suggestion.source} ${suggestion.target}`}
            title={suggestion.name}
            detail={[say(`window.hosts.source.${suggestion.source}`), suggestion.detail]
              .filter(Boolean)
              .join(say('popover.list-separator'))}
            actions={
              <Button
                size="small"
                aria-label={say('window.hosts.use-name', { name: suggestion.name })}
                onClick={() => onChoose(suggestion)}
              >
                {say('window.hosts.use')}
              </Button>
            }
          />
        ))}
      </List>
      {shown.length < data.length && (
        <Button size="small" className="self-start" onClick={() => setAllShown(true)}>
          {say('window.hosts.show-all', { count: data.length })}
        </Button>
      )}
    </div>
  )
}
