import { useTranslation } from 'react-i18next'
import type { Message } from '../../preload/contract/base.ts'
import { say } from '../../preload/words/say.ts'
import type { Language } from '../../preload/words/units.ts'

type Params = NonNullable<Message['params']>

/** Says a sentence of the locales in the person's language; parameters are formatted by their names. */
export type Say = (message: string | Message, params?: Params) => string

export function useSay(): Say {
  const { t, i18n } = useTranslation()
  return (message, params) => {
    const whole =
      typeof message !== 'string'
        ? message
        : params === undefined
          ? { key: message }
          : { key: message, params }
    return say(whole, t, { language: i18n.language as Language, now: Date.now() })
  }
}
