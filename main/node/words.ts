import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import type { Message } from '../../preload/contract/base.ts'

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

/** Says a message in a language. */
export type Say = (message: Message, language: Language) => string

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
  return ({ key, params }, language) => words.t(key, { ...params, lng: language })
}
