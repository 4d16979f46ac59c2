import { useQuery } from '@tanstack/react-query'
import type { HostSuggestion } from '../../../preload/contract/hosts.ts'
import { client } from '../../client.ts'
import { useSay } from '../../panels/say.ts'
import { Button } from '../../ui/button.tsx'
import { Heading, List, Row } from '../../ui/card.tsx'

/** Machines that this one already knows: entries of `~/.ssh/config`, then online peers of the tailnet. */
export function Suggestions({ onChoose }: { onChoose: (suggestion: HostSuggestion) => void }) {
  const say = useSay()
  const { data, isPending } = useQuery({
    queryKey: ['suggestions'],
    queryFn: () => client.hosts.suggestions(),
    staleTime: 5_000,
  })
  if (isPending) return <p className="px-1 text-small text-soft">{say('window.hosts.looking')}</p>
  if (data === undefined || data.length === 0) return null
  return (
    <div className="flex flex-col gap-1.5">
      <Heading level={3}>{say('window.hosts.found')}</Heading>
      <List aria-label={say('window.hosts.found')}>
        {data.slice(0, 12).map((suggestion) => (
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
    </div>
  )
}
