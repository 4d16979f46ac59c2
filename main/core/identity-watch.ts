import type { Host, Identity } from '../hosts/host.ts'

/** Who answers, read once for each connection: on the next one it may be another account, or have other groups. */
export interface IdentityWatch {
  get(signal?: AbortSignal): Promise<Identity>
  close(): void
}

export function createIdentityWatch(options: {
  host: Host
  /** Called with each new answer, before it is given to whoever asked. */
  onRead(identity: Identity): void
}): IdentityWatch {
  const { host, onRead } = options
  let known: Identity | null = null
  let isConnected = host.link().state === 'connected'
  let losses = 0

  const unsubscribe = host.onLink(({ state }) => {
    if (isConnected && state !== 'connected') {
      known = null
      losses++
    }
    isConnected = state === 'connected'
  })

  return {
    async get(signal) {
      if (known !== null) return known
      const lossesBefore = losses
      const identity = await host.identify(signal === undefined ? {} : { signal })
      if (losses === lossesBefore) known = identity
      onRead(identity)
      return identity
    },
    close: unsubscribe,
  }
}
