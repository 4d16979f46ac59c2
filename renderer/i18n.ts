import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../preload/words/units.ts'

/** Each language is a file of its own, loaded when it is spoken. */
const load: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('../resources/locales/en.json'),
  'zh-CN': () => import('../resources/locales/zh-CN.json'),
}

export const i18n = i18next.createInstance()

/** Makes the page speak a language; resolves when its words are there. */
export async function speak(language: Language): Promise<void> {
  if (!i18n.isInitialized) {
    await i18n.use(initReactI18next).init({
      resources: {},
      lng: language,
      fallbackLng: false,
      interpolation: { escapeValue: false },
    })
  }
  if (!i18n.hasResourceBundle(language, 'translation')) {
    i18n.addResourceBundle(language, 'translation', (await load[language]()).default)
  }
  await i18n.changeLanguage(language)
  document.documentElement.lang = language
}
