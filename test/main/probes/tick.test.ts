import { describe, expect, test } from 'vitest'
import type { CommandOutput } from '../../../main/hosts/host.ts'
import { createTickReader, tickList } from '../../../main/probes/read.ts'
import { fixture, now } from '../../support/probe-answers.ts'

function output(stdout: string): CommandOutput {
  return { stdout, stderr: '', exitCode: 0, durationMs: 1 }
}

const vmStat = output(fixture('memory', 'macos26-m4-16gb-wider-columns.txt'))
const meminfo = output(fixture('memory', 'debian12-x86-25gb.txt'))

describe('tickList', () => {
  test.each(['darwin', 'linux'] as const)(
    '%s: labels are unique and plain, each command stands once',
    (platform) => {
      const list = tickList(platform)
      const labels = list.map(({ label }) => label)
      const commands = list.map(({ argv }) => JSON.stringify(argv))
      expect(new Set(labels).size).toBe(list.length)
      expect(new Set(commands).size).toBe(list.length)
      for (const label of labels) expect(label).toMatch(/^[a-z-]+\.\d$/)
    },
  )

  test('on a Mac asks exactly these, and waits for the slow ones aside', () => {
    const list = tickList('darwin')
    expect(
      list.map(({ argv, everyMs, isSlow }) => [argv.join(' '), everyMs, isSlow ?? false]),
    ).toEqual([
      ['vm_stat', 1000, false],
      ['sysctl -n hw.memsize', 3_600_000, false],
      ['sysctl -n kern.memorystatus_vm_pressure_level', 1000, false],
      ['sysctl -n vm.swapusage', 1000, false],
      ['ioreg -r -d 1 -w 0 -c IOAccelerator', 1000, false],
      ['sysctl -n iogpu.wired_limit_mb', 60_000, true],
      [expect.stringContaining('osascript'), 3_600_000, true],
      [expect.stringContaining('sh -c'), 3_600_000, true],
      ['iostat -n 0 -c 2 -w 1', 1000, true],
      ['top -l 1 -o mem -n 15 -stats pid,command,mem,user', 5000, true],
      ['ps -A -o pid=,comm=', 5000, true],
      ['df -kP', 60_000, false],
    ])
  })

  test('on Linux reads /proc', () => {
    expect(tickList('linux').map(({ argv }) => argv.join(' '))).toEqual([
      'cat /proc/meminfo',
      'cat /proc/pressure/memory',
      'cat /proc/stat',
      'ps -A -o pid=,rss=,user=,comm= --sort=-rss',
      'df -kP',
    ])
  })
})

describe('createTickReader', () => {
  test('reads what the answers of a tick are enough for', () => {
    const reader = createTickReader('darwin')
    expect(reader.read(new Map([['memory.0', vmStat]]), now).memory).toBeUndefined()
    const readings = reader.read(new Map([['memory.1', output('17179869184\n')]]), now + 1000)
    expect(readings.memory).toMatchObject({
      kind: 'value',
      value: { totalBytes: 17_179_869_184 },
      at: '2026-11-20T09:00:01.000Z',
    })
  })

  test('keeps the answers that do not change', () => {
    const reader = createTickReader('darwin')
    reader.read(
      new Map([
        ['memory.0', vmStat],
        ['memory.1', output('17179869184\n')],
      ]),
      now,
    )
    const readings = reader.read(new Map([['memory.0', vmStat]]), now + 60_000)
    expect(readings.memory).toMatchObject({ kind: 'value', at: '2026-11-20T09:01:00.000Z' })
  })

  test('gives no reading without a fresh answer: an old value keeps its age', () => {
    const reader = createTickReader('linux')
    reader.read(new Map([['memory.0', meminfo]]), now)
    expect(
      reader.read(new Map([['disk.0', output(fixture('disk', 'debian12-x86-root.txt'))]]), now),
    ).toEqual({
      disk: expect.objectContaining({ kind: 'value' }),
    })
  })

  test('one answer serves two probes', () => {
    const readings = createTickReader('linux').read(new Map([['memory.0', meminfo]]), now)
    expect(readings).toMatchObject({ memory: { kind: 'value' }, swap: { kind: 'value' } })
  })

  test('says once what the platform does not have', () => {
    const reader = createTickReader('linux')
    const first = reader.read(new Map([['memory.0', meminfo]]), now)
    expect(first).toMatchObject({
      gpu: { kind: 'unknown', reason: 'not-supported' },
      'gpu-limit': { kind: 'unknown', reason: 'not-supported' },
    })
    expect(reader.read(new Map([['memory.0', meminfo]]), now)).not.toHaveProperty('gpu')
  })

  test('compares the counters of two ticks', () => {
    const reader = createTickReader('linux')
    const sample = (name: string) => new Map([['cpu.0', output(fixture('cpu', name))]])
    expect(reader.read(sample('debian12-x86-first.txt'), now).cpu).toBeUndefined()
    expect(reader.read(sample('debian12-x86-second.txt'), now + 2000).cpu).toMatchObject({
      value: { loadRatio: 34 / 391 },
    })
  })

  test('an answer that makes no sense is unknown, not the value before it', () => {
    const reader = createTickReader('linux')
    reader.read(new Map([['memory.0', meminfo]]), now)
    expect(
      reader.read(new Map([['memory.0', output('garbage')]]), now + 1000).memory,
    ).toMatchObject({
      kind: 'unknown',
      reason: 'unrecognised',
      at: '2026-11-20T09:00:01.000Z',
    })
  })

  test('asks for processes and disks only on the Host that is shown', () => {
    const reader = createTickReader('darwin')
    expect(reader.labels('focus')).toEqual(tickList('darwin').map(({ label }) => label))
    expect(reader.labels('open')).not.toContain('processes.0')
    expect(reader.labels('open')).toContain('gpu.0')
    expect(reader.labels('background')).toEqual([
      'memory.0',
      'memory.1',
      'memory-pressure.0',
      'gpu-limit.0',
      'gpu-limit.1',
      'gpu-limit.2',
    ])
  })
})
