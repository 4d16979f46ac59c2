import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../main/core/clock.ts'
import { errorInfo } from '../../../main/core/errors.ts'
import { copyDiagnostics } from '../../../main/electron/diagnostics.ts'
import { type Host, HostError } from '../../../main/hosts/host.ts'
import { createRecordedHost } from '../../../main/hosts/recorded.ts'
import { parseRecording } from '../../../main/hosts/recording/recording.ts'
import { findRoot } from '../../../main/node/root.ts'
import { loadWords } from '../../../main/node/words.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { createTestCore } from '../../support/test-core.ts'

const { resourcesDir } = findRoot(import.meta.dirname)
const words = loadWords(resourcesDir)
const recording = parseRecording(readFileSync(join(resourcesDir, 'demo/mac-studio.json'), 'utf8'))

/** A Mac that Studiolo runs on. */
function mac(): Host {
  return { ...createRecordedHost({ id: 'this-machine', recording }), kind: 'local' }
}

async function copyIn(language: 'en' | 'zh-CN', local = mac()) {
  const core = await createTestCore({
    hosts: {
      local: () => local,
      demo: () => createScriptedHost('demo', systemClock),
      ssh: ({ id }) => createScriptedHost(id, systemClock),
      facts: () => Promise.reject(new Error('not asked')),
    },
  })
  onTestFinished(() => core.close())
  const [host] = core.fleet.get().hosts
  if (host === undefined) throw new Error('no host')
  const copied: string[] = []
  const notified: [title: string, body: string][] = []
  await copyDiagnostics(host, {
    ...{ core, say: (message) => words(message, language) },
    copy: (text) => copied.push(text),
    notify: (title, body) => notified.push([title, body]),
  })
  return { copied, notified }
}

describe('copying diagnostics', () => {
  it.each([
    [
      'en',
      'Diagnostics copied',
      'A recording of This Mac, with secrets removed, is on the clipboard.',
    ],
    ['zh-CN', '诊断信息已拷贝', '这台 Mac 的录制已放到剪贴板，其中的密码等机密已移除。'],
  ] as const)('tells what is on the clipboard now: %s', async (language, title, body) => {
    const { copied, notified } = await copyIn(language)
    expect(copied.map((text) => JSON.parse(text).format)).toEqual(['studiolo-recording/1'])
    expect(notified).toEqual([[title, body]])
  })

  it('says why there is nothing to copy', async () => {
    const host = createScriptedHost('this-machine', systemClock)
    host.identify = () => Promise.reject(new HostError('timeout', errorInfo('timeout')))
    const { copied, notified } = await copyIn('zh-CN', host)
    expect(copied).toEqual([])
    expect(notified).toEqual([['无法拷贝诊断信息', expect.stringMatching(/^没有及时收到/)]])
  })
})
