import { useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../preload/contract/base.ts'
import { say } from '../../preload/words/say.ts'
import type { Language } from '../../preload/words/units.ts'
import { ClockContext } from './clock.ts'

/** Says a Message, or the sentence of a key with these parameters, in the person's language. */
export type Say = (message: string | Message, params?: NonNullable<Message['params']>) => string

export function useSay(): Say {
  const { t, i18n } = useTranslation()
  const clock = useContext(ClockContext)
  const language = i18n.language as Language
  return useMemo<Say>(() => {
    return (message, params = {}) =>
      say(typeof message === 'string' ? { key: message, params } : message, t, {
        language,
        now: clock(),
      })
  }, [t, language, clock])
}
