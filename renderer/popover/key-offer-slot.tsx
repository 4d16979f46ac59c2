import { lazy, Suspense } from 'react'
import type { HostState } from '../../preload/contract/fleet.ts'
import { createStore, useStore } from '../state/store.ts'

const KeyOffer = lazy(async () => ({ default: (await import('./key-offer.tsx')).KeyOffer }))

/** Hosts for which somebody has typed a password here. */
const typedFor = createStore<ReadonlySet<string>>(new Set())

export function rememberPassword(hostId: string): void {
  typedFor.set(new Set([...typedFor.get(), hostId]))
}

/** Where a key is offered, once a password that was typed here has let the person in. */
export function KeyOfferSlot({ host: { id, name, link } }: { host: HostState }) {
  const isTyped = useStore(typedFor, (hostIds) => hostIds.has(id))
  if (!isTyped || link.state !== 'live') return null
  return (
    <Suspense fallback={null}>
      <KeyOffer hostId={id} name={name} />
    </Suspense>
  )
}
