import { afterAll, beforeAll, describe } from 'vitest'
import { createSshHome, type SshHome } from '../support/ssh-home.ts'
import { hasSshd, startSshd } from '../support/sshd.ts'
import { hostSuite } from './hosts.ts'

describe.skipIf(!hasSshd)('over the real sshd', () => {
  let sshd: Awaited<ReturnType<typeof startSshd>>
  let home: SshHome

  beforeAll(async () => {
    sshd = await startSshd()
    home = createSshHome()
  })

  afterAll(async () => {
    home[Symbol.dispose]()
    await sshd[Symbol.asyncDispose]()
  })

  hostSuite('ssh', () => home.host({ sshd }))
  hostSuite("the system's ssh", () => home.host({ sshd, isAlwaysOpenSsh: true }))
})
