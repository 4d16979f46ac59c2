import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import type { Message } from '../../preload/contract/base.ts'
import { say } from '../../preload/words/say.ts'
import type { Language } from '../../preload/words/units.ts'

export const languages: readonly Language[] = ['en', 'zh-CN']

/** Says a Message. `now` is what its moments are told from, in milliseconds since 1970. @default the time of day */
export type Say = (message: Message, language: Language, now?: number) => string

/** The words of `resources/locales`, for terminals and for what the browser host tells a refused request. */
export function loadWords(resourcesDir: string): Say {
  const resources = Object.fromEntries(
    languages.map((language) => {
      const path = join(resourcesDir, 'locales', `${language}.json`)
      return [language, { translation: JSON.parse(readFileSync(path, 'utf8')) }]
    }),
  )
  const words = i18next.createInstance({
    resources,
    lng: 'en',
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false },
  })
  void words.init()
  return (message, language, now = Date.now()) => {
    const translate = (key: string, params: object) => words.t(key, { ...params, lng: language })
    return say(message, translate, { language, now })
  }
}
