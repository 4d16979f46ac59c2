import { expect, it } from 'vitest'
import { placeOf } from '../../../renderer/state/place.ts'

it.each([
  ['', 'popover'],
  ['#popover', 'popover'],
  ['#window/hosts', 'hosts'],
  ['#window/add-host', 'add-host'],
  ['#window/settings', 'settings'],
  ['#window/about', 'about'],
  ['#window/', 'popover'],
  ['#window/nowhere', 'popover'],
  ['#hosts', 'popover'],
  ['#token=abc', 'popover'],
])('reads %j as %s', (hash, place) => expect(placeOf(hash)).toBe(place))
