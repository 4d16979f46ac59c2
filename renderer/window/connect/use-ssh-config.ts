import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { SshConfigState } from '../../../preload/contract/ssh-config.ts'
import { client } from '../../client.ts'
import { type Attempt, failureOf, useAttempt } from '../../panels/actions.ts'
import { useUpdateSettings } from '../../state/settings.ts'

const key = ['ssh-config'] as const

/** The person's `~/.ssh/config` and what may be done to it. */
export function useSshConfig() {
  const queries = useQueryClient()
  const update = useUpdateSettings()
  const attempt: Attempt = useAttempt()
  const query = useQuery({
    queryKey: key,
    queryFn: () => client.sshConfig.read(),
    // an editor may have it open beside us
    refetchOnWindowFocus: true,
  })

  /** Once it was decided, nobody is asked again. */
  function change(act: () => Promise<SshConfigState>) {
    attempt.run(async () => {
      try {
        queries.setQueryData(key, await act())
        update.mutate({ isSshConfigOffered: true })
      } catch (error) {
        // what is shown is not what is there any more
        if (failureOf(error).code === 'changed-meanwhile') {
          await queries.invalidateQueries({ queryKey: key })
        }
        throw error
      }
    })
  }

  return {
    state: query.data,
    failure: query.error === null ? null : failureOf(query.error),
    retry: () => void query.refetch(),
    attempt,
    include: ({ revision }: SshConfigState) => change(() => client.sshConfig.include({ revision })),
    remove: () => change(() => client.sshConfig.remove()),
  }
}
