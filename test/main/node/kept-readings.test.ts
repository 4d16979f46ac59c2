import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeptReadings } from '../../../main/node/kept-readings.ts'
import type { Reading } from '../../../preload/contract/readings.ts'
import { silentLog } from '../../support/silent-log.ts'

const reading: Reading = { kind: 'value', value: { items: [] }, at: '2026-11-20T09:00:00.000Z' }

describe('kept readings', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'studiolo-kept-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const path = () => join(dir, 'caches/readings.json')
  const open = (version = '1.0.0') => createKeptReadings({ path: path(), version, log: silentLog })

  it('are there after a restart, each with its age', () => {
    open().put('studio ana@mac-studio', 'updates', reading)
    expect(open().get('studio ana@mac-studio')).toEqual({ updates: reading })
    expect(open().get('studio ben@mac-studio')).toEqual({})
    expect(statSync(path()).mode & 0o777).toBe(0o600)
  })

  it('keeps what another face has written', () => {
    const [one, other] = [open(), open()]
    one.get('a')
    other.get('a')
    one.put('a', 'updates', reading)
    other.put('b', 'updates', reading)
    expect(open().get('a')).toEqual({ updates: reading })
    expect(open().get('b')).toEqual({ updates: reading })
  })

  it('never keeps what is not known', () => {
    const unknown: Reading = {
      ...{ kind: 'unknown', reason: 'timed-out', detail: '', at: reading.at },
    }
    open().put('a', 'updates', unknown)
    expect(open().get('a')).toEqual({})
  })

  it('leaves alone what another version kept, and what is damaged', () => {
    open('0.9.0').put('a', 'updates', reading)
    expect(open('1.0.0').get('a')).toEqual({})
    for (const text of [
      '',
      '\0'.repeat(64),
      '{"version":"1.0.0","machines":{"a":{"updates":7}}}',
    ]) {
      writeFileSync(path(), text)
      expect(open().get('a')).toEqual({})
    }
    open().put('a', 'updates', reading)
    expect(open().get('a')).toEqual({ updates: reading })
  })

  it('does without, where nothing can be written', () => {
    mkdirSync(path(), { recursive: true })
    const kept = open()
    expect(() => kept.put('a', 'updates', reading)).not.toThrow()
    expect(kept.get('a')).toEqual({ updates: reading })
    expect(open().get('a')).toEqual({})
  })

  it('forgets the machines that were asked longest ago', () => {
    const kept = open()
    for (let machine = 0; machine < 60; machine++) kept.put(`m${machine}`, 'updates', reading)
    expect(kept.get('m9')).toEqual({})
    expect(kept.get('m59')).toEqual({ updates: reading })
    expect(Object.keys(JSON.parse(readFileSync(path(), 'utf8')).machines)).toHaveLength(50)
  })
})
