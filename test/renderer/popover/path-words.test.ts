import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import type { Message } from '../../../preload/contract/base.ts'
import { type Link, linkSchema } from '../../../preload/contract/hosts.ts'
import { pathWords } from '../../../renderer/popover/path-words.ts'
import en from '../../../resources/locales/en.json'
import chinese from '../../../resources/locales/zh-CN.json'

const i18n = i18next.createInstance()
beforeAll(async () => {
  const resources = { en: { translation: en }, 'zh-CN': { translation: chinese } }
  await i18n.init({ resources, interpolation: { escapeValue: false } })
})

const wordsIn = (lng: string, link: Pick<Link, 'path' | 'via'>) =>
  pathWords(link, (message: string | Message, params = {}) =>
    i18n.t(typeof message === 'string' ? message : message.key, { lng, ...params }),
  )

it('names the jump hosts, and a proxy command as what it is', () => {
  const gate = { path: 'proxy', via: 'gate' } as const
  expect([wordsIn('en', gate), wordsIn('zh-CN', gate)]).toEqual(['Via gate', '经由 gate'])
  const command = { path: 'proxy' } as const
  expect([wordsIn('en', command), wordsIn('zh-CN', command)]).toEqual([
    'Via a proxy command',
    '经由代理命令',
  ])
})

it.each(linkSchema.shape.path.options)('has words for %s in both languages', (path) => {
  for (const language of ['en', 'zh-CN']) {
    expect(wordsIn(language, { path })).not.toMatch(/^link\.|^$/)
  }
})
