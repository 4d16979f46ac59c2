import { expect, it } from 'vitest'

const sources = import.meta.glob<string>('../../../renderer/**/*.tsx', {
  eager: true,
  query: '?raw',
  import: 'default',
})

/** A class for the same sides as the component's own: which of the two holds, the order in the style sheet decides. */
const conflicting =
  /<(?:Card|Button)\b[^>]*?className=(?:"|\{classNames\([^>]*?')[^"']*\bp[xy]?-[\d[]/

it('gives no card and no button a padding by a class', () => {
  const texts = Object.entries(sources)
  expect(texts.length).toBeGreaterThan(50)
  expect(texts.filter(([, text]) => conflicting.test(text)).map(([path]) => path)).toEqual([])
  expect(conflicting.test('<Card aria-label="a"\n  className="grid px-0 pb-2">')).toBe(true)
  expect(conflicting.test("<Button className={classNames('min-w-0 px-2', is && 'a')}>")).toBe(true)
})
