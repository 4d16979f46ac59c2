import { plainHost } from '../../preload/contract/plain-host.ts'
import { client } from '../client.ts'
import type { Actions } from '../panels/actions.ts'
import { selectHost } from './fleet.ts'
import { goTo } from './place.ts'

/** What the popover's buttons do: calls of the contract. */
export function createPageActions(options: {
  /** In the browser the window's places are places of this page. */
  isBrowser: boolean
  canKeepSecrets: boolean
  onSettingsChanged(): Promise<void>
}): Actions {
  const { isBrowser, canKeepSecrets, onSettingsChanged } = options
  const configOf = async (hostId: string) =>
    (await client.settings.get()).settings.hosts.find(({ id }) => id === hostId)
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
    async openHost(id, as) {
      if (isBrowser) goTo('hosts', { id, as })
      else await client.app.openWindow({ place: 'hosts', host: { id, as } })
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
    modelServerAddress: (hostId, runtimeId) =>
      client.connect.modelServerAddress({ hostId, runtimeId }),
    sshCommand: async (hostId) => (await client.connect.sshCommand({ hostId })).command,
    diagnostics: async (hostId) => (await client.app.diagnostics({ hostId })).text,
    copy: (text) => navigator.clipboard.writeText(text),
    async runCheck(hostId, checkId) {
      await client.checks.run({ hostId, ids: [checkId] })
    },
    answer: (hostId, answer) => client.hosts.answer({ id: hostId, answer }),
    async isKeyUnoffered(hostId) {
      const config = await configOf(hostId)
      return config !== undefined && !config.isKeyOffered
    },
    async keepKeyOffered(hostId) {
      const config = await configOf(hostId)
      if (config === undefined) return
      await client.hosts.edit({ ...config, isKeyOffered: true })
      await onSettingsChanged()
    },
    reconnect: (hostId) => client.hosts.reconnect({ id: hostId }),
    wake: (hostId) => client.hosts.wake({ id: hostId }),
    async startTailnet() {
      await client.tailnet.up()
    },
    async logInToTailnet() {
      await client.tailnet.logIn()
    },
    doctor: (hostId, signal) => client.doctor.run({ hostId }, { signal }),
    openTunnel: (request) => client.tunnels.open(request),
    closeTunnel: (hostId, id) => client.tunnels.close({ hostId, id }),
    async openTunnelPage(localPort) {
      const url = `http://127.0.0.1:${localPort}/`
      if (isBrowser) window.open(url, '_blank', 'noopener')
      else await client.app.openRemedy({ target: url })
    },
    suggestions: () => client.hosts.suggestions(),
    async addSuggestion({ name, target, account, tailnetNodeId }) {
      const host = await client.hosts.add({
        name,
        target,
        ...{ ...plainHost, account, tailnetNodeId },
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
