import { Check, Ellipsis } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { ErrorInfo, Message } from '../../../preload/contract/base.ts'
import type { ConnectTool } from '../../../preload/contract/connect.ts'
import type { RuntimeState } from '../../../preload/contract/models.ts'
import { isOfConnection } from '../../../preload/contract/of-connection.ts'
import { hostName } from '../../../preload/words/host-name.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { failureOf, useActions, useAttempt } from '../actions.ts'
import { FailureText } from '../failure-text.tsx'
import { useOpenDoctor } from '../open-doctor.ts'
import { isAnswering, type Panel, type PanelProps } from '../panel.ts'
import { useSay } from '../say.ts'
import { partTools } from './order-tools.ts'
import { connectShortcut, useConnectShortcut } from './use-connect-shortcut.ts'

const TunnelList = lazy(async () => ({ default: (await import('./tunnel-list.tsx')).TunnelList }))
const TunnelForm = lazy(async () => ({ default: (await import('./tunnel-form.tsx')).TunnelForm }))

export const connect: Panel = {
  id: 'connect',
  isShown: (host) => host.kind !== 'local' && host.kind !== 'recorded',
  Body: Connect,
}

/** Shown until the answer is there, so that nothing jumps when it comes. */
const usualTools: readonly ConnectTool[] = [
  { id: 'cursor', name: 'Cursor', kind: 'editor', isInstalled: null },
  { id: 'vscode', name: 'VS Code', kind: 'editor', isInstalled: null },
  { id: 'terminal', name: 'Terminal', kind: 'terminal', isInstalled: null },
]

const copiedForMs = 2_000

function Connect({ host, settings, tunnels }: PanelProps) {
  const say = useSay()
  const actions = useActions()
  const attempt = useAttempt()
  const openDoctor = useOpenDoctor()
  const [tools, setTools] = useState(usualTools)
  const [copied, setCopied] = useState<string | null>(null)
  /** Why an address that was copied may not work. */
  const [caveat, setCaveat] = useState<Message | null>(null)
  const [isFormShown, setFormShown] = useState(false)
  const row = useRef<HTMLDivElement>(null)

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

  const nameOf = (tool: ConnectTool) =>
    tool.id === 'terminal' ? say('popover.connect.terminal') : tool.name
  const open = (tool: ConnectTool) =>
    attempt.run(async () => {
      try {
        await actions.open(host.id, tool.id)
      } catch (error) {
        const { code, message } = failureOf(error)
        if (host.kind !== 'ssh' || !isOfConnection(code)) throw error
        openDoctor(host.id, message)
      }
    })
  const copy = (what: string, text: () => Promise<string>) =>
    attempt.run(async () => {
      setCaveat(null)
      await actions.copy(await text())
      setCopied(what)
    })
  const addressOf = (runtimeId: RuntimeState['id']) => async () => {
    const found = await actions.modelServerAddress(host.id, runtimeId)
    setCaveat(found.caveat)
    return found.url
  }
  const { shown, inMenu } = partTools(tools, settings.preferredToolId)
  const [first] = shown
  useConnectShortcut(() => first !== undefined && open(first))
  const focusMenu = useCallback(() => {
    row.current?.querySelector<HTMLElement>('[aria-haspopup=menu]')?.focus()
  }, [])
  const closeForm = useCallback(() => {
    setFormShown(false)
    focusMenu()
  }, [focusMenu])

  const canTunnel = host.role !== 'guest'
  const showForm = () => {
    setCaveat(null)
    attempt.dismiss()
    setFormShown(true)
  }
  const openTunnel = canTunnel && (
    <Button size="small" onClick={showForm}>
      {say('popover.connect.tunnel')}
    </Button>
  )
  const ownTunnels = tunnels.filter(({ hostId }) => hostId === host.id)
  const servers = host.runtimes.filter(({ state, port }) => state === 'running' && port !== null)
  const action = (id: string, label: string, onSelect: () => void): MenuEntry => ({
    ...{ kind: 'action', id, label, onSelect },
  })
  const groups: MenuEntry[][] = [
    inMenu.map((tool) =>
      action(tool.id, say('popover.connect.open-in', { name: nameOf(tool) }), () => open(tool)),
    ),
    [
      ...(canTunnel ? [action('tunnel', say('popover.connect.tunnel'), showForm)] : []),
      ...(host.kind === 'ssh'
        ? [action('doctor', say('popover.connect.doctor'), () => openDoctor(host.id))]
        : []),
    ],
    [
      ...servers.map(({ id, name }) =>
        action(`address ${id}`, say('popover.connect.copy-address', { name }), () =>
          copy('address', addressOf(id)),
        ),
      ),
      ...(host.kind === 'ssh'
        ? [
            action('ssh', say('popover.connect.copy-ssh'), () =>
              copy('command', () => actions.sshCommand(host.id)),
            ),
          ]
        : []),
      action('diagnostics', say('popover.connect.copy-diagnostics'), () =>
        copy('diagnostics', () => actions.diagnostics(host.id)),
      ),
    ],
  ]
  return (
    <section aria-label={say('popover.connect.title')} className="grid grid-cols-1 gap-1.5">
      <div ref={row} className="flex gap-1.5">
        {shown.map((tool, index) => {
          const isFirst = index === 0
          const name = nameOf(tool)
          const openIn = say('popover.connect.open-in', { name })
          return (
            <Button
              key={tool.id}
              size="large"
              kind={isFirst && isAnswering(host) ? 'filled' : 'card'}
              padding="tight"
              className={classNames('min-w-0', isFirst ? 'flex-[1.5_1_auto]' : 'flex-[1_1_auto]')}
              aria-busy={attempt.isPending}
              title={
                tool.isInstalled === false
                  ? say('popover.connect.not-installed', { name })
                  : isFirst
                    ? `${openIn} (${connectShortcut.shown})`
                    : openIn
              }
              {...(isFirst && { 'aria-keyshortcuts': connectShortcut.aria })}
              onClick={() => open(tool)}
            >
              {isFirst ? openIn : name}
            </Button>
          )
        })}
        <Menu
          label={say('popover.connect.more')}
          className={classNames(buttonClass('card', 'large', 'none'), 'w-9 flex-none')}
          face={
            copied === null ? (
              <Ellipsis aria-hidden="true" className="size-4" />
            ) : (
              <Check aria-hidden="true" className="size-4" />
            )
          }
          entries={withSeparators(groups)}
        />
      </div>
      <p role="status" className="sr-only">
        {copied !== null && say(`popover.connect.copied.${copied}`)}
      </p>
      {caveat !== null && (
        <div className="flex items-start gap-2 px-1">
          <p role="status" className="selectable min-w-0 flex-1 text-small text-warn-text">
            {say(caveat)}
          </p>
          {openTunnel}
        </div>
      )}
      {attempt.failure !== null && (
        <div className="flex items-start gap-2 px-1">
          <FailureText failure={attempt.failure} className="min-w-0 flex-1" />
          {isTunnelNeeded(attempt.failure) && openTunnel}
          {isAliasMissing(attempt.failure) && (
            <Button size="small" onClick={() => attempt.run(() => actions.openWindow('connect'))}>
              {say('popover.connect.include')}
            </Button>
          )}
        </div>
      )}
      <Suspense fallback={null}>
        {isFormShown && (
          <TunnelForm hostId={host.id} name={hostName(host, say)} onDone={closeForm} />
        )}
        {ownTunnels.length > 0 && <TunnelList tunnels={ownTunnels} onClosed={focusMenu} />}
      </Suspense>
    </section>
  )
}

/** The window shows what the Include line would change, and adds it. */
function isAliasMissing({ message }: ErrorInfo): boolean {
  return message.key === 'connect.port-needs-alias' || message.key === 'connect.key-needs-alias'
}

/** Not reached from here, but over SSH. */
function isTunnelNeeded({ message }: ErrorInfo): boolean {
  const { key } = message
  return key === 'connect.model-server-there-only' || key === 'connect.model-server-apart'
}

/** The groups that have something, with a line between them. */
function withSeparators(groups: readonly MenuEntry[][]): MenuEntry[] {
  return groups
    .filter(({ length }) => length > 0)
    .flatMap((group, index) =>
      index === 0 ? group : [{ kind: 'separator', id: `line ${index}` } as const, ...group],
    )
}
