import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadedOfProcesses, mlx, modelsOfList } from '../../../main/runtimes/mlx.ts'
import { startFakeServer } from '../../support/fake-server.ts'
import { loopbackHost } from '../../support/loopback-host.ts'

const processes = `    1 /sbin/launchd
  811 /opt/homebrew/bin/python3.12 /opt/homebrew/bin/mlx_lm.server --model mlx-community/Qwen3-8B-4bit --port 8080
  902 /usr/bin/vi mlx_lm.server.md
`

it('takes the loaded model from the arguments that the server was started with', async () => {
  const loaded = await mlx.loaded(loopbackHost({}, processes), 8080)
  expect(loaded.map((model) => model.modelId)).toEqual(['mlx-community/Qwen3-8B-4bit'])
  // its memory is that of the process
  expect(loaded.map((model) => mlx.processIdOf?.(model))).toEqual([811])
})

it('claims no loaded model for a server started without one', () => {
  expect(loadedOfProcesses('  811 python3 -m mlx_lm.server --port 8080\n')).toEqual([])
  expect(loadedOfProcesses('')).toEqual([])
})

it('names a model in a folder by the folder, and reads the quantisation from the name', () => {
  const models = modelsOfList('{"data":[{"id":"/Users/Shared/Models/Qwen3-8B-4bit"}]}')
  expect(models?.[0]).toMatchObject({ name: 'Qwen3-8B-4bit', quantisation: '4bit', format: 'mlx' })
})

it('is found, and says that it has no list, where the folder of downloads is missing', async () => {
  const server = await startFakeServer(
    {
      'GET /health': (_, respond) =>
        respond(200, { status: 'ok' }, { server: 'BaseHTTP/0.6 Python/3.11.2' }),
    },
    (_, respond) => respond(200, ''),
  )
  const host = loopbackHost({ 8080: server.port })
  expect(await mlx.detect(host)).toEqual({ port: 8080, version: null })
  await expect(mlx.models(host, 8080)).rejects.toMatchObject({ code: 'unrecognised' })
  await server.close()
})

it('reads any text without throwing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      modelsOfList(text)
      loadedOfProcesses(text)
      loadedOfProcesses(`1 mlx_lm.server ${text}`)
    }),
  )
})
