import { describe, expect, it, vi } from 'vitest'
import { systemIo } from '../../../../main/cli.ts'
import { createRecordedHost } from '../../../../main/hosts/recorded.ts'
import { readAll } from '../../../../main/node/cli/read-all.ts'
import { demoRecording } from '../../../support/run-cli.ts'

describe('readAll', () => {
  it('tells somebody who waits what is still being asked', async () => {
    const host = createRecordedHost({ id: 'recording', recording: demoRecording() })
    const slow = Promise.withResolvers<void>()
    const open = {
      name: 'Studio',
      identity: await host.identify(),
      close: () => host.close(),
      host: {
        ...host,
        async run(...args: Parameters<typeof host.run>) {
          if (args[0][0] === 'softwareupdate') await slow.promise
          return host.run(...args)
        },
      },
    }
    const told: string[] = []
    const io = { ...systemIo(), isWatched: true, err: (text: string) => told.push(text) }
    const say = (message: Parameters<typeof io.say>[0]) => io.say(message, 'en')
    const reading = readAll(open, ['filevault', 'updates', 'sip'], { ...io, say })
    await vi.waitFor(() => expect(told).toHaveLength(1), 10_000)
    expect(told[0]).toMatch(/^Still asking Studio: Updates\. .+\n$/)
    slow.resolve()
    expect(Object.keys(await reading)).toEqual(['filevault', 'updates', 'sip'])
  })
})
