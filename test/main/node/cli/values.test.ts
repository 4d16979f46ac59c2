import { describe, expect, it } from 'vitest'
import { describeValue } from '../../../../main/node/cli/values.ts'
import { findRoot } from '../../../../main/node/root.ts'
import { loadWords } from '../../../../main/node/words.ts'
import { probes } from '../../../../main/probes/index.ts'

const say = loadWords(findRoot(import.meta.dirname).resourcesDir)
const now = Date.parse('2026-11-20T09:00:00Z')
const gb = 1e9

function said(id: string, value: unknown, language: 'en' | 'zh-CN' = 'en'): string {
  return describeValue(id, value)
    .map((part) => (typeof part === 'string' ? part : say(part, language, now)))
    .join(' · ')
}

const power = {
  ...{ source: null, sleepMinutes: null, isSleepPrevented: false },
  ...{ isAutoRestartOn: null, hasBattery: null, batteryRatio: null },
}
const timeMachine = {
  ...{ destinations: [], isRunning: null, phase: null, progressRatio: null },
  ...{ lastBackupAt: null, lastBackupUnknown: null },
}
const disk = { name: 'Backup', kind: 'local', mountPath: null, isLastUsed: true }
const volume = { totalBytes: 4000 * gb, freeBytes: 1700 * gb, device: '/dev/disk3s5' }

const cases: readonly [id: string, value: unknown, text: string][] = [
  [
    'memory',
    { usedBytes: 105 * gb, totalBytes: 206 * gb, compressedBytes: null },
    '105 GB of 206 GB used',
  ],
  ['memory-pressure', { level: 'normal' }, 'normal'],
  ['memory-pressure', { level: 'warning' }, 'tight'],
  ['memory-pressure', { level: 'critical' }, 'critical'],
  ['swap', { usedBytes: 0, totalBytes: 0 }, '0 B of 0 B used'],
  [
    'gpu',
    { deviceUtilisationRatio: 0.64, inUseBytes: 12 * gb, modelName: 'M3' },
    '64 % busy · 12 GB in use · M3',
  ],
  ['gpu', { deviceUtilisationRatio: null, inUseBytes: null, modelName: null }, 'nothing'],
  [
    'gpu-limit',
    { limitBytes: 154 * gb, isDefault: true, source: 'estimate' },
    '154 GB · estimated',
  ],
  ['gpu-limit', { limitBytes: 154 * gb, isDefault: false, source: 'sysctl' }, '154 GB'],
  ['cpu', { loadRatio: 0.07 }, '7 % busy'],
  [
    'processes',
    { items: [{ pid: 1, name: 'ollama', footprintBytes: 26 * gb, account: 'ana' }] },
    'ollama 26 GB',
  ],
  ['processes', { items: [] }, 'nothing'],
  [
    'disk',
    {
      volumes: [
        { ...volume, mountPath: '/Data', isSystem: false },
        { ...volume, mountPath: '/', isSystem: true },
      ],
    },
    '/Data 1.7 TB of 4 TB free',
  ],
  [
    'hardware',
    { modelName: 'Mac Studio', modelId: null, chipName: null, memoryBytes: null, coreCount: 1 },
    'Mac Studio · 1 core',
  ],
  ['os', { name: 'macOS', version: '26.1', build: '25B78' }, 'macOS 26.1 (25B78)'],
  ['os', { name: 'Debian', version: null, build: null }, 'Debian'],
  ...(
    [
      ['running', 'connected'],
      ['stopped', 'not connected'],
      ['needs-login', 'not logged in'],
      ['starting', 'connecting'],
      ['needs-machine-auth', 'waiting for approval'],
    ] as const
  ).map(([state, text]): [string, unknown, string] => [
    'tailnet',
    { state, self: null, peers: [], health: [] },
    `${text} · 0 peers online`,
  ]),
  [
    'tailnet',
    {
      state: 'running',
      self: { name: 'studio', isKeyExpired: true },
      peers: [{ isOnline: true }, { isOnline: false }],
    },
    'connected · studio · its key has expired · 1 peer online',
  ],
  ...(
    [
      ['on', 'on'],
      ['off', 'off'],
      ['decrypting', 'decrypting'],
      ['deferred', 'off until the next login'],
    ] as const
  ).map(([state, text]): [string, unknown, string] => [
    'filevault',
    { state, progressRatio: null },
    text,
  ]),
  ['filevault', { state: 'encrypting', progressRatio: 0.4 }, 'encrypting · 40 % done'],
  ['time-machine', timeMachine, 'no backup disk is set up'],
  [
    'time-machine',
    {
      ...timeMachine,
      destinations: [disk],
      isRunning: true,
      progressRatio: 0.25,
      lastBackupAt: '2026-11-20T07:00:00Z',
    },
    'last backup 2 h ago · backing up now · 25 % done · Backup',
  ],
  [
    'time-machine',
    {
      ...timeMachine,
      destinations: [disk],
      lastBackupUnknown: { reason: 'needs-full-disk-access', detail: '' },
    },
    'the time of the last backup is unknown · Backup',
  ],
  ['updates', { items: [] }, 'none'],
  [
    'updates',
    {
      items: [
        { title: 'macOS 26.2', version: '26.2' },
        { title: 'Safari', version: '26.1' },
      ],
    },
    '2 updates · macOS 26.2 · Safari 26.1',
  ],
  ['firewall', { state: 'on' }, 'on'],
  ['firewall', { state: 'off' }, 'off'],
  ['firewall', { state: 'blocking-all' }, 'on, blocks everything'],
  ['firewall-stealth', { isOn: true }, 'on'],
  ['sip', { state: 'custom' }, 'partly off'],
  ['sip', { state: 'on' }, 'on'],
  ['gatekeeper', { isOn: false }, 'off'],
  ['remote-login', { isOn: true }, 'on'],
  [
    'power',
    { ...power, source: 'mains', sleepMinutes: 0, isAutoRestartOn: true },
    'on mains power · never sleeps · starts after a power failure',
  ],
  [
    'power',
    { ...power, source: 'battery', sleepMinutes: 10, batteryRatio: 0.8 },
    'on battery · battery 80 % · sleeps after 10 min',
  ],
  [
    'power',
    { ...power, source: 'ups', isAutoRestartOn: false },
    'on a UPS · stays off after a power failure',
  ],
  ['thermal', { isWarned: false, speedLimitRatio: null }, 'no warning'],
  ['thermal', { isWarned: true, speedLimitRatio: 0.5 }, 'warning · slowed down to 50 %'],
]

describe('describeValue', () => {
  it.each(cases)('%s %j', (id, value, text) => {
    expect(said(id, value)).toBe(text)
    const chinese = said(id, value, 'zh-CN')
    expect(chinese).not.toMatch(/cli\.|\{\{|undefined|NaN/)
    // none of our own words is left in English
    if (/[a-z]{3}/.test(text) && !['os', 'hardware', 'processes'].includes(id)) {
      expect(chinese).not.toBe(text)
    }
  })

  it('knows every probe', () => {
    const known = new Set(cases.map(([id]) => id))
    expect(probes.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([])
  })

  it('tells what it does not know as it stands', () => {
    expect(said('new-probe', { a: 1 })).toBe('{"a":1}')
  })
})
