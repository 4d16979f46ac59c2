import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../preload/words/units.ts'

type Part = 'first' | 'later'

/** Each language is two files of its own, loaded when they are needed. */
const load: Record<Language, Record<Part, () => Promise<{ default: object }>>> = {
  en: {
    first: () => import('../resources/locales/en.json?first'),
    later: () => import('../resources/locales/en.json?later'),
  },
  'zh-CN': {
    first: () => import('../resources/locales/zh-CN.json?first'),
    later: () => import('../resources/locales/zh-CN.json?later'),
  },
}

const wanted = new Set<Part>(['first'])
const loaded = new Set<string>()

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
  await addWords(language)
  await i18n.changeLanguage(language)
  document.documentElement.lang = language
}

/** Also loads the words of views that are fetched on demand; to be awaited before one of them is drawn. */
export async function speakOfMore(): Promise<void> {
  wanted.add('later')
  await addWords(i18n.language as Language)
}

async function addWords(language: Language): Promise<void> {
  for (const part of wanted) {
    const name = `${language} ${part}`
    if (loaded.has(name)) continue
    i18n.addResourceBundle(language, 'translation', (await load[language][part]()).default, true)
    loaded.add(name)
  }
}
