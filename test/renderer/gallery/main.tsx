/** One state of the popover, for pictures: `#state=live&lang=zh-CN`. Not part of the shipped page. */
import '../../../renderer/styles.css'
import './desktop.css'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import type { DoctorProgress } from '../../../preload/contract/doctor.ts'
import { i18n, speak } from '../../../renderer/i18n.ts'
import { type Actions, ActionsContext } from '../../../renderer/panels/actions.ts'
import { ClockContext } from '../../../renderer/panels/clock.ts'
import { PopoverView } from '../../../renderer/popover/view.tsx'
import { type FleetName, fixtureNow, fleets } from '../../support/fleet-fixtures.ts'

const done = async () => undefined

const findings = import.meta.glob<DoctorProgress>('../../fixtures/doctor/*.json', {
  eager: true,
  import: 'default',
})

/** What the doctor finds: the story that the address names; `running` is one that is not over. */
function doctorStory(): DoctorProgress {
  const name = new URLSearchParams(location.hash.slice(1)).get('doctor') ?? 'healthy'
  const story = findings[`../../fixtures/doctor/${name === 'running' ? 'healthy' : name}.json`]
  if (story === undefined) throw new Error(`no story ${name}`)
  return name === 'running' ? { ...story, steps: untilTcp(story.steps), isDone: false } : story
}

function untilTcp(steps: DoctorProgress['steps']): DoctorProgress['steps'] {
  const at = steps.findIndex(({ id }) => id === 'tcp')
  return steps.slice(0, at + 1).map((step) => {
    if (step.id !== 'tcp') return step
    return { ...step, state: 'running', durationMs: null, found: null, detail: null }
  })
}

async function* play(story: DoctorProgress): AsyncGenerator<DoctorProgress> {
  yield story
  // a story that is not over goes on for as long as somebody looks
  if (!story.isDone) await new Promise(() => undefined)
}

/** How what is asked for fails: `&fails=<code>`, or the key of a sentence. */
const named = () => new URLSearchParams(location.hash.slice(1)).get('fails')
const params = { path: '~/.ssh/k', name: 'Ollama', host: 'Mac Studio', port: 11434 }

async function failAsNamed(): Promise<void> {
  const failure = named()
  if (failure === null) return
  throw failure.startsWith('connect.')
    ? { data: { code: 'invalid-input', message: { key: failure, params } } }
    : { data: { code: failure, message: { key: `error.${failure}` } } }
}

const actions: Actions = {
  canKeepSecrets: true,
  ...{ selectHost: () => undefined, closePopover: done, openWindow: done, openRemedy: done },
  ...{ openHost: done, isKeyUnoffered: async () => true, keepKeyOffered: done },
  ...{ load: done, unload: done, cancel: done, copy: done, runCheck: done },
  open: failAsNamed,
  ...{ answer: done, reconnect: done, addSuggestion: done, showDemo: done, wake: done },
  ...{ startTailnet: done, logInToTailnet: done, closeTunnel: done, openTunnelPage: done },
  openTunnel: async ({ remotePort }) => {
    throw {
      data: {
        code: 'port-taken',
        message: { key: 'error.port-taken', params: { port: remotePort, name: 'ollama' } },
      },
    }
  },
  doctor: async () => play(doctorStory()),
  tools: async () => [
    { id: 'cursor', name: 'Cursor', kind: 'editor', isInstalled: true },
    { id: 'vscode', name: 'VS Code', kind: 'editor', isInstalled: true },
    { id: 'terminal', name: 'Terminal', kind: 'terminal', isInstalled: true },
    { id: 'zed', name: 'Zed', kind: 'editor', isInstalled: true },
    { id: 'iterm2', name: 'iTerm2', kind: 'terminal', isInstalled: true },
    { id: 'windsurf', name: 'Windsurf', kind: 'editor', isInstalled: false },
  ],
  modelServerAddress: async () => {
    const url = 'http://100.101.20.4:11434'
    const key = named()
    if (key === 'connect.model-server-silent') return { url, caveat: { key, params } }
    await failAsNamed()
    return { url, caveat: null }
  },
  sshCommand: async () => 'ssh mac-studio',
  diagnostics: async () => '{}',
  suggestions: async () => [
    {
      ...{ source: 'ssh-config', name: 'studio', target: 'studio', account: 'ana' },
      ...{ detail: null, tailnetNodeId: null },
    },
    {
      ...{ source: 'tailnet', name: 'mac-studio', target: 'mac-studio', account: null },
      ...{ detail: null, tailnetNodeId: 'nCNTRL' },
    },
  ],
}

declare global {
  interface Window {
    /** What was set off since the page was loaded, as `name(arguments)`. */
    asked: string[]
    /** Goes on to another state, as the page does with a change: nothing of it is made anew. */
    become(state: FleetName): void
  }
}
window.asked = []

/** The same actions, each written down when it is set off. */
const recorded = Object.fromEntries(
  Object.entries(actions).map(([name, act]) => [
    name,
    typeof act !== 'function'
      ? act
      : (...args: unknown[]) => {
          const said = args.filter((arg) => !(arg instanceof AbortSignal))
          window.asked.push(`${name}(${said.map((arg) => JSON.stringify(arg)).join(', ')})`)
          return (act as (...args: unknown[]) => unknown)(...args)
        },
  ]),
) as unknown as Actions

const clock = () => fixtureNow
const element = document.getElementById('root')
if (element === null) throw new Error('no #root')
const root = createRoot(element)

async function show() {
  const { hash } = location
  const wish = new URLSearchParams(hash.slice(1))
  await speak(wish.get('lang') === 'zh-CN' ? 'zh-CN' : 'en')
  if (hash === location.hash) draw((wish.get('state') ?? 'live') as FleetName)
}

function draw(name: FleetName) {
  const { hash } = location
  const fleet = fleets[name]
  root.render(
    <I18nextProvider i18n={i18n}>
      <ClockContext value={clock}>
        <ActionsContext value={recorded}>
          <div className="desktop" data-shown={hash} key={hash}>
            <div className="float">
              <PopoverView
                fleet={fleet}
                selectedId={fleet.hosts[0]?.id ?? null}
                isFirstRun={name === 'first-run'}
                settings={{ preferredToolId: 'cursor' }}
              />
            </div>
          </div>
        </ActionsContext>
      </ClockContext>
    </I18nextProvider>,
  )
}

window.become = draw
window.addEventListener('hashchange', () => void show())
await show()
