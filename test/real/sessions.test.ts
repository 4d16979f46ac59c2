import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Host } from '../../main/hosts/host.ts'
import { until } from '../support/until.ts'
import { processes, shellsOf } from './support/far-side.ts'
import { sshHostOf } from './support/ssh.ts'
import { type Studio, startStudio } from './support/studio.ts'

let studio: Studio
let host: Host
beforeAll(async () => {
  studio = await startStudio()
  host = sshHostOf(studio)
})
afterAll(async () => {
  await host?.close()
  await studio?.close()
})

const sessions = () =>
  processes().filter(
    ({ name, userId }) => name.startsWith('sshd') && userId === studio.account.userId,
  )

it('answers forty calls at once, though the server allows ten sessions', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => host.run(['echo', `call ${index}`])),
  )
  expect(answers.map(({ stdout }) => stdout)).toEqual(
    Array.from({ length: 40 }, (_, index) => `call ${index}\n`),
  )
  // one connection; sshd forks for a moment to start and to end a program
  await until(() => sessions().length === 1)
})

it('gives up a command that hangs, and leaves nothing of it on the far side', async () => {
  const running = () =>
    processes().some(
      ({ args, userId }) => userId === studio.account.userId && args.join(' ') === 'sleep 3600',
    )
  const hanging = host.run(['sleep', '3600'], { timeoutMs: 1500 })
  hanging.catch(() => {})
  await until(running)
  await expect(hanging).rejects.toMatchObject({ kind: 'timeout' })
  await until(() => !running())
})

it('leaves no shell behind when it is closed', async () => {
  const ticker = await host.ticks([{ label: 'uptime', argv: ['uptime'], everyMs: 1000 }])
  await ticker.ask()
  // those of the calls before may still be ending
  await until(() => shellsOf(studio.account.userId).length === 1)
  await host.close()
  await until(() => shellsOf(studio.account.userId).length === 0)
  await until(() => sessions().length === 0)
})
