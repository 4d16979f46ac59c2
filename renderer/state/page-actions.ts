import type { SettingsState } from '../../preload/contract/settings.ts'
import { client } from '../client.ts'
import type { Actions } from '../panels/actions.ts'
import { selectHost } from './fleet.ts'
import { goTo } from './place.ts'

/** What the popover's buttons do: calls of the contract. */
export function createPageActions(options: {
  /** In the browser the window's places are places of this page. */
  isBrowser: boolean
  canKeepSecrets: boolean
  settings(): SettingsState | undefined
  onSettingsChanged(): Promise<void>
}): Actions {
  const { isBrowser, canKeepSecrets, settings, onSettingsChanged } = options
  const configOf = (hostId: string) => settings()?.settings.hosts.find(({ id }) => id === hostId)
  return {
    canKeepSecrets,
    selectHost,
    async closePopover() {
      if (!isBrowser) await client.app.closePopover()
    },
    async openWindow(place) {
      if (isBrowser) goTo(place)
      else await client.app.openWindow({ place })
    },
    openRemedy: (target) => client.app.openRemedy({ target }),
    async load(hostId, runtimeId, modelId) {
      await client.models.load({ hostId, runtimeId, modelId })
    },
    async unload(hostId, runtimeId, modelId) {
      await client.models.unload({ hostId, runtimeId, modelId })
    },
    cancel: (hostId, jobId) => client.jobs.cancel({ hostId, jobId }),
    tools: () => client.connect.tools(),
    open: (hostId, toolId) => client.connect.open({ hostId, toolId }),
    modelServerAddress: async (hostId, runtimeId) =>
      (await client.connect.modelServerAddress({ hostId, runtimeId })).url,
    sshCommand(hostId) {
      const config = configOf(hostId)
      if (config === undefined) return null
      const port = config.port === null ? '' : `-p ${config.port} `
      const account = config.account === null ? '' : `${config.account}@`
      return `ssh ${port}${account}${config.target}`
    },
    diagnostics: async (hostId) => (await client.app.diagnostics({ hostId })).text,
    copy: (text) => navigator.clipboard.writeText(text),
    async runCheck(hostId, checkId) {
      await client.checks.run({ hostId, ids: [checkId] })
    },
    answer: (hostId, answer) => client.hosts.answer({ id: hostId, answer }),
    reconnect: (hostId) => client.hosts.reconnect({ id: hostId }),
    suggestions: () => client.hosts.suggestions(),
    async addSuggestion({ name, target, account }) {
      const host = await client.hosts.add({
        name,
        target,
        account,
        port: null,
        keyPath: null,
        folderPath: null,
      })
      await onSettingsChanged()
      selectHost(host.id)
    },
    async showDemo() {
      await client.settings.update({ isDemoShown: true, selectedHostId: 'demo' })
      await onSettingsChanged()
      selectHost('demo')
    },
  }
}
