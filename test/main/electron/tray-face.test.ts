import { describe, expect, it } from 'vitest'
import { markedName, selectedHost, trayFace } from '../../../main/electron/tray-face.ts'
import { findRoot } from '../../../main/node/root.ts'
import { loadWords } from '../../../main/node/words.ts'
import type { Message } from '../../../preload/contract/base.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'

const at = '2026-11-20T09:00:00Z'

function host(id: string, state: HostState['link']['state'], roomBytes: number | null): HostState {
  return {
    id,
    name: id === 'studio' ? 'Mac Studio' : 'This Mac',
    kind: 'ssh',
    platform: 'darwin',
    account: 'ana',
    role: 'member',
    link: {
      ...{ state, path: 'direct', roundTripMs: 4, lastAnswerAt: at, since: at },
      ...{ problem: null, question: null },
    },
    ...{ readings: {}, samples: [], runtimes: [], checks: [] },
    memoryBar:
      roomBytes === null
        ? null
        : {
            ...{ totalBytes: 512e9, segments: [], limit: null, disagreement: null, at },
            roomBytes,
          },
  }
}

const say = ({ key, params }: Message) => `${key} ${Object.values(params ?? {}).join(' ')}`.trim()
const said = loadWords(findRoot(import.meta.dirname).resourcesDir)
const shown = { selectedHostId: 'studio', isRoomShownInMenuBar: true }

describe('trayFace', () => {
  it('tells the room of the host shown first', () => {
    const fleet = { hosts: [host('here', 'live', 7e9), host('studio', 'live', 105e9)] }
    expect(trayFace(fleet, shown, say)).toEqual({
      title: 'tray.title 105000000000',
      tooltip: 'tray.host.room Mac Studio 105000000000',
      hosts: [
        { id: 'here', label: 'tray.host.room This Mac 7000000000', isSelected: false },
        { id: 'studio', label: 'tray.host.room Mac Studio 105000000000', isSelected: true },
      ],
    })
  })

  it('has no title unless the person wants one', () => {
    const fleet = { hosts: [host('studio', 'live', 105e9)] }
    expect(trayFace(fleet, { ...shown, isRoomShownInMenuBar: false }, say).title).toBe('')
  })

  it.each(['stale', 'unreachable', 'connecting', 'asking', 'idle'] as const)(
    'never shows an old number: %s',
    (state) => {
      const face = trayFace({ hosts: [host('studio', state, 105e9)] }, shown, say)
      expect(face.title).toBe('')
      expect(face.tooltip).toBe(`tray.host.${state} Mac Studio`)
    },
  )

  it('says connected where the memory is not known yet', () => {
    const face = trayFace({ hosts: [host('studio', 'live', null)] }, shown, say)
    expect(face).toMatchObject({ title: '', tooltip: 'tray.host.live Mac Studio' })
  })

  it('marks the demo wherever it speaks of it', () => {
    const demo: HostState = { ...host('studio', 'live', 105e9), kind: 'demo' }
    expect(trayFace({ hosts: [demo] }, shown, say)).toMatchObject({
      title: 'tray.title-demo 105000000000',
      tooltip: 'tray.host.room tray.demo-name Mac Studio 105000000000',
    })
  })

  it.each([
    ['en', 'This Mac: room for 7 GB of models'],
    ['zh-CN', '这台 Mac：还能放下 7 GB 的模型'],
  ] as const)('names this machine in the person’s language: %s', (language, line) => {
    const here: HostState = { ...host('here', 'live', 7e9), kind: 'local' }
    const words = (message: Message) => said(message, language)
    expect(trayFace({ hosts: [here] }, shown, words)).toMatchObject({
      tooltip: line,
      hosts: [{ label: line }],
    })
  })

  it('is the name of the app while there is no host', () => {
    expect(trayFace({ hosts: [] }, shown, say)).toEqual({
      title: '',
      tooltip: 'Studiolo',
      hosts: [],
    })
  })
})

describe('markedName', () => {
  it('is the name a person gave, or this machine’s in their language, or one that says it is a demo', () => {
    const words = (message: Message) => said(message, 'zh-CN')
    const here = host('here', 'live', null)
    expect(markedName(here, words)).toBe('This Mac')
    expect(markedName({ ...here, kind: 'local' }, words)).toBe('这台 Mac')
    expect(markedName({ ...here, kind: 'demo', name: 'Mac Studio' }, words)).toBe(
      'Mac Studio（演示）',
    )
  })
})

describe('selectedHost', () => {
  it('is the first one where the chosen one is gone', () => {
    const fleet = { hosts: [host('here', 'live', null), host('studio', 'live', null)] }
    expect(selectedHost(fleet, { selectedHostId: 'gone' })?.id).toBe('here')
    expect(selectedHost(fleet, { selectedHostId: 'studio' })?.id).toBe('studio')
  })
})
