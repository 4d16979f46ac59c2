import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runtimes } from '../../../main/runtimes/index.ts'
import { runtimeStateSchema } from '../../../preload/contract/models.ts'

/** Files of the folder that are no runtime: the interface, the list, and what the runtimes share. */
const helpers = ['runtime', 'index', 'ask', 'bounded', 'fields']

it('lists every runtime of the folder once, and the contract knows each', () => {
  const files = readdirSync(new URL('../../../main/runtimes', import.meta.url))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !helpers.includes(name))
  const ids = runtimes.map((runtime) => runtime.id)
  expect([...ids].sort()).toEqual(files.sort())
  expect([...ids].sort()).toEqual([...runtimeStateSchema.shape.id.options].sort())
})

it.each(runtimes)('$id has a name, ports to look at and the names of its processes', (runtime) => {
  expect(runtime.name).not.toBe('')
  expect(runtime.ports.length).toBeGreaterThan(0)
  expect(runtime.ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536)).toBe(
    true,
  )
  expect(runtime.processNames.length).toBeGreaterThan(0)
})

it.each(runtimes)('$id has both load and unload, or neither', (runtime) => {
  expect(runtime.load === undefined).toBe(runtime.unload === undefined)
})
