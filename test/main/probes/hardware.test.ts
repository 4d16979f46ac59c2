import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { describe, expect, test } from 'vitest'
import { hardware } from '../../../main/probes/hardware.ts'
import { answer, fixture, parse, testBadAnswers } from '../../support/probe-answers.ts'

const studio = fixture('hardware', 'macos26-m2ultra-studio.json')
const meminfo = fixture('memory', 'debian12-x86-25gb.txt')
const cpuinfo = fixture('hardware', 'debian12-x86-cpuinfo.txt')

describe('hardware', () => {
  test('reads a Mac Studio with four parts of cores', () => {
    expect(parse(hardware, 'darwin', studio)).toEqual({
      modelName: 'Mac Studio',
      modelId: 'Mac14,14',
      chipName: 'Apple M2 Ultra',
      memoryBytes: 68_719_476_736,
      coreCount: 24,
    })
  })

  test.each([
    ['macos12-m1-no-model-number.json', 'MacBook Air', 'Apple M1', 17_179_869_184, 8],
    ['macos15-m2-air.json', 'MacBook Air', 'Apple M2', 25_769_803_776, 8],
    ['macos15-m4max-pro.json', 'MacBook Pro', 'Apple M4 Max', 51_539_607_552, 16],
  ])('reads %s', (name, modelName, chipName, memoryBytes, coreCount) => {
    const text = fixture('hardware', name)
    expect(parse(hardware, 'darwin', text)).toMatchObject({
      modelName,
      chipName,
      memoryBytes,
      coreCount,
    })
  })

  test('reads an Intel Mac, where cores are a number and the chip has another name', () => {
    const overview = {
      machine_name: 'iMac',
      cpu_type: '8-Core Intel Core i9',
      number_processors: 8,
    }
    const text = JSON.stringify({ SPHardwareDataType: [overview] })
    expect(parse(hardware, 'darwin', text)).toEqual({
      modelName: 'iMac',
      modelId: null,
      chipName: '8-Core Intel Core i9',
      memoryBytes: null,
      coreCount: 8,
    })
  })

  test.each([
    studio.slice(0, 200),
    '{"SPHardwareDataType":[]}',
    '{"SPHardwareDataType":[{"_name":"hardware_overview"}]}',
    '[]',
    'null',
  ])('%j is no answer', (text) => {
    expect(parse(hardware, 'darwin', text)).toMatchObject({ reason: 'unrecognised' })
  })

  test('reads Linux, without a name of the model where nobody gives one', () => {
    const none = answer('', { stderr: 'cat: no such file\n', exitCode: 1 })
    expect(parse(hardware, 'linux', meminfo, cpuinfo, none)).toEqual({
      modelName: null,
      modelId: null,
      chipName: 'AMD EPYC',
      memoryBytes: 25_276_514_304,
      coreCount: 2,
    })
    expect(parse(hardware, 'linux', meminfo, cpuinfo, 'Raspberry Pi 5\0')).toMatchObject({
      modelName: 'Raspberry Pi 5',
    })
  })

  test.runIf(process.platform === 'linux')('agrees with Node on this machine', () => {
    const texts = ['/proc/meminfo', '/proc/cpuinfo'].map((path) => readFileSync(path, 'utf8'))
    expect(parse(hardware, 'linux', ...texts)).toMatchObject({
      memoryBytes: totalmem(),
      coreCount: cpus().length,
    })
  })

  testBadAnswers(hardware, 'darwin')
  testBadAnswers(hardware, 'linux')
})
