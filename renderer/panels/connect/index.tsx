import { Ellipsis } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ConnectTool } from '../../../preload/contract/connect.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { useActions, useAttempt } from '../actions.ts'
import { isAnswering, type Panel, type PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'
import { orderTools } from './order-tools.ts'

export const connect: Panel = {
  id: 'connect',
  title: 'popover.connect.title',
  order: 4,
  probes: [],
  isShown: (host) => host.kind !== 'local' && host.kind !== 'recorded',
  Body: Connect,
}

/** Shown until the answer is there, so that nothing jumps when it comes. */
const usualTools: readonly ConnectTool[] = [
  { id: 'cursor', name: 'Cursor', isInstalled: null },
  { id: 'vscode', name: 'VS Code', isInstalled: null },
  { id: 'terminal', name: 'Terminal', isInstalled: null },
]

const copiedForMs = 2_000

function Connect({ host, settings }: PanelProps) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const [tools, setTools] = useState(usualTools)
  const [copied, setCopied] = useState<string | null>(null)

  useEffect(() => {
    let isGone = false
    actions.tools().then(
      (found) => !isGone && setTools(found),
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [actions])

  useEffect(() => {
    if (copied === null) return
    const timer = setTimeout(() => setCopied(null), copiedForMs)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = (what: string, text: () => Promise<string>) =>
    attempt.run(async () => {
      await actions.copy(await text())
      setCopied(what)
    })
  const ordered = orderTools(tools, settings.preferredEditor)
  const nameOf = (tool: ConnectTool) =>
    tool.id === 'terminal' ? say('popover.connect.terminal') : tool.name
  const servers = host.runtimes.filter(({ state, port }) => state === 'running' && port !== null)
  const sshCommand = actions.sshCommand(host.id)
  const entries: MenuEntry[] = [
    ...servers.map((server) => ({
      kind: 'action' as const,
      id: server.id,
      label: say('popover.connect.copy-address', { name: server.name }),
      onSelect: () => copy('address', () => actions.modelServerAddress(host.id, server.id)),
    })),
    ...(sshCommand === null
      ? []
      : [
          {
            kind: 'action' as const,
            id: 'ssh',
            label: say('popover.connect.copy-ssh'),
            onSelect: () => copy('command', async () => sshCommand),
          },
        ]),
    {
      kind: 'action',
      id: 'diagnostics',
      label: say('popover.connect.copy-diagnostics'),
      onSelect: () => copy('diagnostics', () => actions.diagnostics(host.id)),
    },
  ]
  return (
    <section aria-label={say('popover.connect.title')} className="grid grid-cols-1 gap-1.5">
      <div className="flex gap-1.5">
        {ordered.map((tool, index) => (
          <Button
            key={tool.id}
            size="large"
            kind={index === 0 && isAnswering(host) ? 'filled' : 'card'}
            className={index === 0 ? 'flex-[1.5]' : 'flex-1'}
            disabled={attempt.isPending}
            {...(tool.isInstalled === false && {
              title: say('popover.connect.not-installed', { name: nameOf(tool) }),
            })}
            onClick={() => attempt.run(() => actions.open(host.id, tool.id))}
          >
            {index === 0 ? say('popover.connect.open-in', { name: nameOf(tool) }) : nameOf(tool)}
          </Button>
        ))}
        <Menu
          label={say('popover.connect.more')}
          className={classNames(buttonClass('card', 'large'), 'w-9 px-0')}
          face={<Ellipsis aria-hidden="true" className="size-4" />}
          entries={entries}
        />
      </div>
      <div role="status" className="contents">
        {copied !== null && (
          <p className="px-1 text-small text-soft">{say(`popover.connect.copied.${copied}`)}</p>
        )}
      </div>
      {attempt.failure !== null && (
        <p
          role="alert"
          className="selectable px-1 text-small text-bad-text"
          title={attempt.failure.detail}
        >
          {say(attempt.failure.message)}
        </p>
      )}
    </section>
  )
}
