import { readFileSync } from 'node:fs'
import ssh2, { type ClientChannel } from 'ssh2'
import { expect, test } from 'vitest'
import { forLoginShell } from '../../main/hosts/quote.ts'
import { parseRecording } from '../../main/hosts/recording/recording.ts'
import { type MacSshServer, startMacSshServer } from './mac-ssh-server.ts'
import { until } from './until.ts'

const recording = parseRecording(
  JSON.stringify({
    format: 'studiolo-recording/1',
    host: {
      name: 'mac-studio',
      platform: 'darwin',
      account: 'ana',
      recordedAt: '2026-11-20T09:00:00Z',
    },
    commands: [
      { argv: ['vm_stat'], stdout: "first: it's $HOME\n" },
      { argv: ['vm_stat'], stdout: 'second, without newline' },
      {
        argv: ['/usr/bin/fdesetup', 'status'],
        stdout: 'FileVault is On.\n',
        stderr: 'note\n',
        exitCode: 2,
      },
      { argv: ['osascript', '-e', `String($.x("a b"))`], stdout: '1' },
    ],
    http: [{ port: 11434, path: '/api/version', status: 200, body: '{"version":"1"}' }],
  }),
)

function login(server: MacSshServer, auth: { password?: string; privateKey?: string }) {
  const client = new ssh2.Client()
  return new Promise<InstanceType<typeof ssh2.Client>>((resolve, reject) => {
    client.on('ready', () => resolve(client)).on('error', reject)
    client.connect({ host: '127.0.0.1', port: server.port, username: 'ana', ...auth })
  })
}

function exec(client: InstanceType<typeof ssh2.Client>, command: string) {
  return new Promise<{ stdout: string; stderr: string; code: number }>((resolve, reject) => {
    client.exec(command, (error, channel: ClientChannel) => {
      if (error) return reject(error)
      let stdout = ''
      let stderr = ''
      let code = -1
      channel.on('data', (chunk: Buffer) => {
        stdout += chunk
      })
      channel.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk
      })
      channel.on('exit', (exitCode: number) => {
        code = exitCode
      })
      channel.on('close', () => resolve({ stdout, stderr, code }))
    })
  })
}

test('prints the recording, through a real shell', async () => {
  await using server = await startMacSshServer({ recording, startFileNoise: 'welcome\n' })
  const client = await login(server, { privateKey: readFileSync(server.keyPath, 'utf8') })
  expect(await exec(client, 'uname -s; id -un')).toMatchObject({
    stdout: 'welcome\nDarwin\nana\n',
    code: 0,
  })
  expect((await exec(client, 'exec vm_stat')).stdout).toBe("welcome\nfirst: it's $HOME\n")
  expect((await exec(client, 'vm_stat; vm_stat')).stdout).toBe(
    'welcome\nsecond, without newlinesecond, without newline',
  )
  expect(await exec(client, 'fdesetup status')).toEqual({
    stdout: 'welcome\nFileVault is On.\n',
    stderr: 'welcome\nnote\n',
    code: 2,
  })
  expect((await exec(client, forLoginShell(`osascript -e 'String($.x("a b"))'`))).stdout).toBe(
    'welcome\n1',
  )
  expect(await exec(client, 'fdesetup list')).toMatchObject({ code: 70 })
  expect(server.commandLines[0]).toBe('uname -s; id -un')
  client.end()
  await until(() => server.connections() === 0)
})

test('lets in with the right password only, and counts sessions', async () => {
  await using server = await startMacSshServer({
    recording,
    password: 'secret',
    hasKey: false,
    maxSessions: 1,
  })
  await expect(login(server, { password: 'wrong' })).rejects.toMatchObject({
    level: 'client-authentication',
  })
  await expect(
    login(server, { privateKey: readFileSync(server.keyPath, 'utf8') }),
  ).rejects.toMatchObject({ level: 'client-authentication' })
  const client = await login(server, { password: 'secret' })
  const first = exec(client, 'sleep 0.3; echo first')
  await until(() => server.shells().length === 1)
  await expect(exec(client, 'echo second')).rejects.toThrow()
  expect((await first).stdout).toBe('first\n')
  client.end()
})

test('forwards to the recording’s HTTP', async () => {
  await using server = await startMacSshServer({ recording })
  const client = await login(server, { privateKey: readFileSync(server.keyPath, 'utf8') })
  const text = await new Promise<string>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, '127.0.0.1', 11434, (error, channel) => {
      if (error) return reject(error)
      let seen = ''
      channel
        .on('data', (chunk: Buffer) => {
          seen += chunk
        })
        .on('close', () => resolve(seen))
      channel.write('GET /api/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    })
  })
  expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\{"version":"1"\}/)
  client.end()
})
