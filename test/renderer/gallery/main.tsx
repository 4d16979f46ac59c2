/** One state of the popover, for pictures: `?state=live&lang=zh-CN`. Not part of the shipped page. */
import '../../../renderer/styles.css'
import './desktop.css'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { i18n, speak } from '../../../renderer/i18n.ts'
import { type Actions, ActionsContext } from '../../../renderer/panels/actions.ts'
import { ClockContext } from '../../../renderer/panels/clock.ts'
import { PopoverView } from '../../../renderer/popover/view.tsx'
import { type FleetName, fixtureNow, fleets } from '../../support/fleet-fixtures.ts'

const query = new URLSearchParams(location.search)
const name = (query.get('state') ?? 'live') as FleetName
const done = async () => undefined

const actions: Actions = {
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

await speak(query.get('lang') === 'zh-CN' ? 'zh-CN' : 'en')
const fleet = fleets[name]
const clock = () => fixtureNow
const root = document.getElementById('root')
if (root === null) throw new Error('no #root')
createRoot(root).render(
  <I18nextProvider i18n={i18n}>
    <ClockContext value={clock}>
      <ActionsContext value={actions}>
        <div className="desktop">
          <div className="float">
            <PopoverView
              fleet={fleet}
              selectedId={fleet.hosts[0]?.id ?? null}
              isFirstRun={name === 'first-run'}
            />
          </div>
        </div>
      </ActionsContext>
    </ClockContext>
  </I18nextProvider>,
)
