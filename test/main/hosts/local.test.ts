import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../main/core/clock.ts'
import type { Host } from '../../../main/hosts/host.ts'
import { createLocalHost, localFacts } from '../../../main/hosts/local.ts'
import { silentLog } from '../../support/silent-log.ts'

let dir: string
let host: Host

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'studiolo-local-'))
  host = createLocalHost({
    id: 'this-machine',
    clock: systemClock,
    log: silentLog,
    homeDir: dir,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'de_DE.UTF-8', KEPT: 'yes' },
  })
})

afterEach(async () => {
  await host.close()
  rmSync(dir, { recursive: true, force: true })
})

test('programs have the account’s home, variables and PATH', async () => {
  const { stdout } = await host.run(['env'])
  const lines = stdout.split('\n')
  expect(lines).toContain(`HOME=${dir}`)
  expect(lines).toContain('KEPT=yes')
  expect(lines).toContain('LC_ALL=C')
  expect(lines.find((line) => line.startsWith('PATH='))).toMatch(
    new RegExp(`^PATH=/usr/bin:/bin:/opt/homebrew/bin:.*:${dir}/.lmstudio/bin:`),
  )
  expect((await host.run(['pwd'])).stdout).toBe(`${dir}\n`)
})

test('a program that may not be run is not a missing one', async () => {
  const path = join(dir, 'program')
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, 0o644)
  const output = await host.run([path])
  expect(output.exitCode).toBe(126)
  expect(output.isMissing).toBeUndefined()
})

test('a program that ends by a signal has the exit code that a shell would give', async () => {
  expect((await host.run(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(137)
})

test('a child that holds the output open does not hold the answer up', async () => {
  const output = await host.run(['sh', '-c', 'echo started; sleep 4 & exit 3'], { timeoutMs: 3000 })
  expect(output).toMatchObject({ stdout: 'started\n', exitCode: 3 })
})

test('a program that prints without end is ended, and says so', async () => {
  const output = await host.run(['yes', 'no end'])
  expect(output.stdout.length).toBe(8_000_000)
  expect(output.stderr).toContain('more than 8000000 bytes')
  expect(output.exitCode).not.toBe(0)
})

test('files of the account are found under ~/, and a link stays a link', async () => {
  await host.put('~/real', Buffer.from('one'))
  symlinkSync(join(dir, 'real'), join(dir, 'link'))
  await host.put('~/link', Buffer.from('two'))
  expect(lstatSync(join(dir, 'link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(dir, 'real'), 'utf8')).toBe('two')
  expect(new TextDecoder().decode((await host.read('~/link')) ?? undefined)).toBe('two')
})

test('reading a pipe does not wait for its writer', async () => {
  await host.run(['mkfifo', 'pipe'])
  await expect(host.read('~/pipe')).rejects.toMatchObject({ info: { code: 'invalid-input' } })
})

test('close ends a gauge as well', async () => {
  const ticker = await host.ticks([{ label: 'file', argv: ['cat', '/etc/hostname'], everyMs: 0 }])
  await ticker.ask()
  await host.close()
  await expect(ticker.ask()).rejects.toMatchObject({ kind: 'cancelled' })
})

test('tells the facts of this machine, and asks for no others', async () => {
  const facts = await localFacts()
  expect(Object.keys(facts).sort()).toEqual(['addresses', 'osName', 'osVersion'])
  expect(facts.osName).not.toBe('')
  expect(facts.osVersion).not.toBe('')
  const known = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.map(({ address }) => address),
  )
  for (const address of facts.addresses) expect(known).toContain(address)
  expect(facts.addresses).not.toContain('127.0.0.1')
})
