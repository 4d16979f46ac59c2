import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { About } from '../../preload/contract/app.ts'
import type { SettingsPatch, ShownSettings } from '../../preload/contract/settings.ts'
import { client } from '../client.ts'

const settingsKey = ['settings'] as const
const retryMs = 500
/** Without these two there is no page: a connection that is lost while the page starts only delays them. */
const untilAnswered = { retry: true, retryDelay: retryMs }

export function useSettings(): ShownSettings | undefined {
  const query = useQuery({
    queryKey: settingsKey,
    queryFn: () => client.settings.get(),
    ...untilAnswered,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return query.data
}

/** Follows the settings for the life of the page: another page or another face may change them. */
export async function followSettings(queries: QueryClient): Promise<never> {
  for (;;) {
    try {
      for await (const state of await client.settings.watch()) {
        queries.setQueryData<ShownSettings>(settingsKey, state)
      }
    } catch {
      // The connection was lost; the next one starts with what holds then.
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

/** Changes some settings; the page follows at once, and goes back if the file could not be written. */
export function useUpdateSettings() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (patch: SettingsPatch) => client.settings.update(patch),
    async onMutate(patch) {
      await queries.cancelQueries({ queryKey: settingsKey })
      const before = queries.getQueryData<ShownSettings>(settingsKey)
      if (before !== undefined) {
        const settings = { ...before.settings, ...patch } as ShownSettings['settings']
        queries.setQueryData<ShownSettings>(settingsKey, { ...before, settings })
      }
      return before
    },
    onError: (_error, _patch, before) => queries.setQueryData(settingsKey, before),
    onSuccess: (state) => queries.setQueryData(settingsKey, state),
  })
}

/** After a call that changes the settings on its way: hosts added, edited or removed. */
export function useRefreshSettings(): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(() => queries.invalidateQueries({ queryKey: settingsKey }), [queries])
}

export function useDismissProblem() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.settings.dismissProblem(),
    onSuccess: (state) => queries.setQueryData(settingsKey, state),
  })
}

export function useAbout(): About | undefined {
  return useQuery({
    queryKey: ['about'],
    queryFn: () => client.app.about(),
    ...untilAnswered,
    staleTime: Number.POSITIVE_INFINITY,
  }).data
}
