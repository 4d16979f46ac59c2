import systeminformation from 'systeminformation'
import { expect, test } from 'vitest'
import parts from '../../build/systeminformation.ts'

test('the parts that are shipped of systeminformation say what the whole says', async () => {
  expect(await parts.osInfo()).toEqual(await systeminformation.osInfo())
  expect(await parts.networkInterfaces()).toEqual(await systeminformation.networkInterfaces())
})
