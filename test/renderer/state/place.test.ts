import { expect, it } from 'vitest'
import { hostToOpenOf, placeOf } from '../../../renderer/state/place.ts'

it.each([
  ['', 'popover'],
  ['#popover', 'popover'],
  ['#window/hosts', 'hosts'],
  ['#window/add-host', 'add-host'],
  ['#window/connect', 'connect'],
  ['#window/settings', 'settings'],
  ['#window/about', 'about'],
  ['#window/hosts?edit=studio', 'hosts'],
  ['#window/', 'popover'],
  ['#window/nowhere', 'popover'],
  ['#hosts', 'popover'],
  ['#token=abc', 'popover'],
])('reads %j as %s', (hash, place) => expect(placeOf(hash)).toBe(place))

it.each([
  ['#window/hosts?edit=studio', { id: 'studio', as: 'edit' }],
  ['#window/hosts?test=a%20b%26c', { id: 'a b&c', as: 'test' }],
  ['#window/hosts?key=%E5%B7%A5', { id: '工', as: 'key' }],
  ['#window/hosts?edit=%', { id: '%', as: 'edit' }],
  ['#window/hosts?remove=studio', null],
  ['#window/hosts', null],
  ['#window/settings?edit=studio', null],
])('finds in %j the Host to open', (hash, host) => expect(hostToOpenOf(hash)).toEqual(host))
