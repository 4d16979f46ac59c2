import { Check } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { canBeHost } from '../../../preload/contract/can-be-host.ts'
import { defaultAlias } from '../../../preload/contract/default-alias.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { Tailnet, TailnetPeer } from '../../../preload/contract/tailnet.ts'
import { client } from '../../client.ts'
import { useAttempt } from '../../panels/actions.ts'
import { useNow } from '../../panels/clock.ts'
import { useSay } from '../../panels/say.ts'
import { useHosts } from '../../state/fleet.ts'
import { goTo } from '../../state/place.ts'
import { useRefreshSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Heading, List, Row } from '../../ui/card.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { linkTones } from '../../ui/link-tones.ts'
import { Note } from '../../ui/note.tsx'
import { StateDot } from '../../ui/state-dot.tsx'
import { Tag } from '../../ui/tag.tsx'
import { emptyDraft, problemsOf, takenAliases } from '../hosts/host-form.ts'
import { KeyExpiry } from './tailnet-card.tsx'
import { addressOf, hostOfPeer, keyStateOf, sortPeers, systemName } from './tailnet-words.ts'

/** A tailnet can have hundreds; whoever wants them all asks for them. */
const shownAtFirst = 10

/** The other machines of the tailnet; those that can be a Host are added in place. */
export function Peers({ tailnet, local }: { tailnet: Tailnet; local: HostState }) {
  const say = useSay()
  const [isWhole, setWhole] = useState(false)
  const [adding, setAdding] = useState<string | null>(null)
  const peers = sortPeers(tailnet.peers)
  const shown = isWhole ? peers : peers.slice(0, shownAtFirst)
  const onlineCount = peers.filter(({ isOnline }) => isOnline).length
  const title = say('window.connect.peers.title')
  return (
    <div className="flex flex-col gap-1.5">
      <Heading
        level={3}
        aside={
          peers.length > 0 && (
            <span>
              {say('window.connect.peers.count', { count: onlineCount, total: peers.length })}
            </span>
          )
        }
      >
        {title}
      </Heading>
      {peers.length === 0 ? (
        <Note title={say('window.connect.peers.empty.title')}>
          {say('window.connect.peers.empty.text')}
        </Note>
      ) : (
        <List aria-label={title}>
          {shown.map((peer) => {
            const key = peer.id ?? `${peer.name} ${peer.addresses[0] ?? ''}`
            return (
              <Peer
                key={key}
                peer={peer}
                account={local.account}
                isAdding={adding === key}
                onAdding={(isOn) => setAdding(isOn ? key : null)}
              />
            )
          })}
          {peers.length > shown.length && (
            <li className="hairline-t">
              <button
                type="button"
                onClick={() => setWhole(true)}
                className="w-full px-3 py-2 text-left font-medium text-accent-text -outline-offset-2 transition-colors hover:bg-press"
              >
                {say('window.connect.peers.all', { count: peers.length })}
              </button>
            </li>
          )}
        </List>
      )}
    </div>
  )
}

interface PeerProps {
  peer: TailnetPeer
  /** Of this machine: most people have the same name everywhere. */
  account: string | null
  isAdding: boolean
  onAdding: (isAdding: boolean) => void
}

function Peer({ peer, account, isAdding, onAdding }: PeerProps) {
  const say = useSay()
  const now = useNow()
  const hosts = useSettings()?.settings.hosts ?? []
  const keyState = keyStateOf(peer, now)
  const host = hostOfPeer(peer, hosts)
  const link = useHosts()?.find(({ id }) => id === host?.id)?.link.state
  // of a Host it is known how it is; of the others only what Tailscale claims
  const way = link === undefined || link === 'live' ? pathOf(peer, say) : say(`link.state.${link}`)
  const facts = [systemName(peer), addressOf(peer), way].filter((fact) => fact !== null)
  const { name } = peer
  return (
    <Row
      lead={
        link === undefined ? (
          <StateDot
            tone={peer.isOnline ? 'claim' : 'none'}
            label={say(`window.connect.peers.${peer.isOnline ? 'online' : 'offline'}`)}
          />
        ) : (
          <StateDot tone={linkTones[link]} label={say(`link.state.${link}`)} />
        )
      }
      title={
        <span className="flex items-center gap-1.5">
          <span className="selectable truncate">{name}</span>
          {peer.hasTailscaleSsh && <Tag>Tailscale SSH</Tag>}
        </span>
      }
      detail={
        <>
          <span className="selectable">{facts.join(say('popover.list-separator'))}</span>
          {(keyState === 'near' || keyState === 'expired') && (
            <span className="block">
              <KeyExpiry of="peer" at={peer.keyExpiresAt} state={keyState} />
            </span>
          )}
        </>
      }
      actions={
        host !== undefined ? (
          <span className="flex items-center gap-1 pr-1 text-small text-soft">
            <Check size={12} aria-hidden="true" />
            {say('window.connect.peers.added')}
          </span>
        ) : (
          canBeHost(peer) &&
          !isAdding && (
            <Button
              size="small"
              aria-label={say('window.connect.peers.add-name', { name })}
              onClick={() => onAdding(true)}
            >
              {say('window.connect.peers.add')}
            </Button>
          )
        )
      }
    >
      {isAdding && host === undefined && (
        <AddPeer peer={peer} account={account} onCancel={() => onAdding(false)} />
      )}
    </Row>
  )
}

function pathOf(peer: TailnetPeer, say: ReturnType<typeof useSay>): string | null {
  const { isOnline, path, relayRegion, lastSeenAt } = peer
  if (!isOnline) {
    return lastSeenAt === null
      ? say('window.connect.peers.offline')
      : say('window.connect.peers.seen', { seenAt: lastSeenAt })
  }
  if (path === 'relay' && relayRegion !== null) {
    return say('window.connect.peers.path.relay-region', { region: relayRegion.toUpperCase() })
  }
  return say(`window.connect.peers.path.${path}`)
}

interface AddPeerProps {
  peer: TailnetPeer
  account: string | null
  onCancel: () => void
}

/** All but the account is known. Enter adds the Host and goes to its test. */
function AddPeer({ peer, account, onCancel }: AddPeerProps) {
  const say = useSay()
  const attempt = useAttempt()
  const refresh = useRefreshSettings()
  const hosts = useSettings()?.settings.hosts ?? []
  const [typed, setTyped] = useState(account ?? '')
  const [isTried, setTried] = useState(false)
  const target = addressOf(peer) ?? ''
  const problem = problemsOf({ ...emptyDraft, target, account: typed })[0]
  const error = problem === undefined ? null : say(`window.hosts.invalid.${problem.key}`)

  function add(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (problem !== undefined) return
    attempt.run(async () => {
      const node = { name: peer.name.slice(0, 80), target, tailnetNodeId: peer.id }
      const host = await client.hosts.add({
        ...{ ...plainHost, ...node },
        account: typed.trim() === '' ? null : typed.trim(),
        alias: defaultAlias(node, takenAliases(hosts)),
      })
      await refresh()
      goTo('hosts', { id: host.id, as: 'test' })
    })
  }

  return (
    <form
      onSubmit={add}
      noValidate
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      className="flex items-start gap-2 pt-1.5 pb-1 pl-[17px]"
    >
      <Field
        className="flex-1"
        label={say('window.connect.peers.account', { name: peer.name })}
        help={say('window.connect.peers.account-help')}
        error={attempt.failure !== null ? say(attempt.failure.message) : isTried ? error : null}
      >
        <TextInput
          value={typed}
          autoFocus
          placeholder={say('window.hosts.as-configured')}
          onFocus={(event) => event.currentTarget.select()}
          onChange={setTyped}
        />
      </Field>
      <div className="flex gap-1.5 pt-5">
        <Button onClick={onCancel}>{say('window.cancel')}</Button>
        <Button kind="filled" type="submit" disabled={attempt.isPending}>
          {say('window.connect.peers.add-test')}
        </Button>
      </div>
    </form>
  )
}
