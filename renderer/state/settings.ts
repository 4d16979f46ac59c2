import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { About } from '../../preload/contract/app.ts'
import type { SettingsPatch, SettingsState } from '../../preload/contract/settings.ts'
import { client } from '../client.ts'

const settingsKey = ['settings'] as const
/** Another page or another face may change them; a page that is looked at follows within this time. */
const freshMs = 2_000

export function useSettings(): SettingsState | undefined {
  const query = useQuery({
    queryKey: settingsKey,
    queryFn: () => client.settings.get(),
    staleTime: freshMs,
    refetchInterval: freshMs,
    refetchOnWindowFocus: true,
  })
  return query.data
}

/** Changes some settings; the page follows at once, and goes back if the file could not be written. */
export function useUpdateSettings() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (patch: SettingsPatch) => client.settings.update(patch),
    async onMutate(patch) {
      await queries.cancelQueries({ queryKey: settingsKey })
      const before = queries.getQueryData<SettingsState>(settingsKey)
      if (before !== undefined) {
        const settings = { ...before.settings, ...patch } as SettingsState['settings']
        queries.setQueryData<SettingsState>(settingsKey, { ...before, settings })
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
    staleTime: Number.POSITIVE_INFINITY,
  }).data
}
