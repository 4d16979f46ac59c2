/** One state of the popover, for pictures: `#state=live&lang=zh-CN`. Not part of the shipped page. */
import '../../../renderer/styles.css'
import './desktop.css'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { i18n, speak } from '../../../renderer/i18n.ts'
import { type Actions, ActionsContext } from '../../../renderer/panels/actions.ts'
import { ClockContext } from '../../../renderer/panels/clock.ts'
import { PopoverView } from '../../../renderer/popover/view.tsx'
import { type FleetName, fixtureNow, fleets } from '../../support/fleet-fixtures.ts'

const done = async () => undefined

const actions: Actions = {
  canKeepSecrets: true,
  ...{ selectHost: () => undefined, closePopover: done, openWindow: done, openRemedy: done },
  ...{ load: done, unload: done, cancel: done, open: done, copy: done, runCheck: done },
  ...{ answer: done, reconnect: done, addSuggestion: done, showDemo: done },
  tools: async () => [
    { id: 'cursor', name: 'Cursor', isInstalled: true },
    { id: 'vscode', name: 'VS Code', isInstalled: true },
    { id: 'terminal', name: 'Terminal', isInstalled: true },
  ],
  modelServerAddress: async () => 'http://100.101.20.4:11434',
  sshCommand: () => 'ssh mac-studio',
  diagnostics: async () => '{}',
  suggestions: async () => [
    { source: 'ssh-config', name: 'studio', target: 'studio', account: 'ana', detail: null },
    { source: 'tailnet', name: 'mac-studio', target: 'mac-studio', account: null, detail: null },
  ],
}

const clock = () => fixtureNow
const element = document.getElementById('root')
if (element === null) throw new Error('no #root')
const root = createRoot(element)

async function show() {
  const { hash } = location
  const wish = new URLSearchParams(hash.slice(1))
  const name = (wish.get('state') ?? 'live') as FleetName
  const fleet = fleets[name]
  await speak(wish.get('lang') === 'zh-CN' ? 'zh-CN' : 'en')
  if (hash !== location.hash) return
  root.render(
    <I18nextProvider i18n={i18n}>
      <ClockContext value={clock}>
        <ActionsContext value={actions}>
          <div className="desktop" data-shown={hash} key={hash}>
            <div className="float">
              <PopoverView
                fleet={fleet}
                selectedId={fleet.hosts[0]?.id ?? null}
                isFirstRun={name === 'first-run'}
                settings={{ preferredEditor: 'cursor' }}
              />
            </div>
          </div>
        </ActionsContext>
      </ClockContext>
    </I18nextProvider>,
  )
}

window.addEventListener('hashchange', () => void show())
await show()
