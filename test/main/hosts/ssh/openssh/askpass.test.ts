import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAskpass } from '../../../../../main/hosts/ssh/openssh/askpass.ts'
import type { Prompt } from '../../../../../main/hosts/ssh/openssh/prompt.ts'
import { makeRoom, type Room } from '../../../../../main/hosts/ssh/openssh/room.ts'

let dir: string
let room: Room
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ask-'))
  room = await makeRoom({ ...process.env, XDG_RUNTIME_DIR: dir }, new AbortController().signal)
})
afterEach(() => {
  room.remove()
  rmSync(dir, { recursive: true, force: true })
})

/** Runs the helper as ssh does: one argument, an answer on its standard output. */
function askAs(env: NodeJS.ProcessEnv, prompt: string, asking = room.asking) {
  const asks = ['sh', '-c', '"$0" "$1"; exit $?', room.helperPath, prompt]
  const [program = '', ...words] = [...asking, ...asks]
  const child = spawn(program, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return new Promise<{ said: string; code: number | null }>((resolve) => {
    child.once('close', (code) => resolve({ said, code }))
  })
}

describe('the helper that ssh asks through', () => {
  test('is for the account alone', () => {
    const mode = (path: string) => statSync(path).mode & 0o777
    const folder = dirname(room.helperPath)
    expect(mode(folder)).toBe(0o700)
    expect(mode(room.helperPath)).toBe(0o700)
    expect(mode(join(folder, 'ask'))).toBe(0o600)
    expect(mode(join(folder, 'answer'))).toBe(0o600)
  })

  test('carries the prompt and the answer as they are, whatever is in them', async () => {
    const seen: Prompt[] = []
    const secret = `  it's $HOME \`id\` \\n "模型" %s -n  `
    const askpass = createAskpass(room, async (prompt) => {
      seen.push(prompt)
      return secret
    })
    const answer = await askAs(askpass.env, 'Code $(id)\nof `two` lines %s: ')
    expect(answer).toEqual({ said: `${secret}\n`, code: 0 })
    expect(seen).toEqual([{ kind: 'code', text: 'Code $(id) of `two` lines %s' }])
    expect(readdirSync(dirname(room.helperPath)).sort()).toEqual([
      ...['answer', 'ask', 'asker', 'helper'],
    ])
    askpass.close()
  })

  test('no answer, and one that is no line, end it without a word', async () => {
    const answers = [null, 'two\nlines']
    const askpass = createAskpass(room, async () => answers.shift() ?? null)
    expect(await askAs(askpass.env, 'Password: ')).toEqual({ said: '', code: 1 })
    expect(await askAs(askpass.env, 'Password: ')).toEqual({ said: '', code: 1 })
    askpass.close()
  })

  test('another program than the one that we started gets no answer', async () => {
    const askpass = createAskpass(room, async () => 'secret')
    expect(await askAs(askpass.env, 'Password: ')).toEqual({ said: 'secret\n', code: 0 })
    expect(await askAs(askpass.env, 'Password: ', [])).toEqual({ said: '', code: 1 })
    askpass.close()
  })

  test('a touch is only told: the helper does not stay', async () => {
    const seen: Prompt[] = []
    const askpass = createAskpass(room, async (prompt) => {
      seen.push(prompt)
      return null
    })
    const env = { ...askpass.env, SSH_ASKPASS_PROMPT: 'none' }
    const told = await askAs(env, 'Confirm user presence for key ED25519-SK SHA256:abc')
    expect(told).toEqual({ said: '', code: 0 })
    await expect.poll(() => seen).toEqual([{ kind: 'presence', key: 'ED25519-SK SHA256:abc' }])
    askpass.close()
  })

  test('the end of the attempt ends a helper that waits', async () => {
    let isAsked = () => {}
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    const askpass = createAskpass(room, () => {
      isAsked()
      return new Promise(() => undefined)
    })
    const answer = askAs(askpass.env, 'Password: ')
    await asked
    askpass.close()
    expect(await answer).toEqual({ said: '', code: 1 })
  })

  test('without the app there is nobody to ask', async () => {
    const askpass = createAskpass(room, async () => 'secret')
    const gone = await askAs({ ...askpass.env, STUDIOLO_PID: '999999999' }, 'Password: ')
    expect(gone).toEqual({ said: '', code: 1 })
    askpass.close()
  })
})
