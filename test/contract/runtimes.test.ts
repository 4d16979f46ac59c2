import { expect, it } from 'vitest'
import { runtimes } from '../../main/runtimes/index.ts'
import { llamaCpp } from '../../main/runtimes/llama-cpp.ts'
import { lmStudio } from '../../main/runtimes/lm-studio.ts'
import { mlx } from '../../main/runtimes/mlx.ts'
import { ollama } from '../../main/runtimes/ollama.ts'
import {
  startFakeLlamaServer,
  startFakeLmStudio,
  startFakeMlx,
  startFakeOllama,
} from '../support/fake-runtimes.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { loopbackHost } from '../support/loopback-host.ts'
import { describeRuntime } from './runtimes.ts'

describeRuntime({
  runtime: ollama,
  start: startFakeOllama,
  others: [startFakeLlamaServer, startFakeLmStudio, startFakeMlx],
})

describeRuntime({
  runtime: llamaCpp,
  start: startFakeLlamaServer,
  others: [startFakeOllama, startFakeLmStudio, startFakeMlx],
  // a child that dies for want of memory only leaves an exit code
  codeOfFullMemory: 'server-error',
})

describeRuntime({
  runtime: lmStudio,
  start: startFakeLmStudio,
  others: [startFakeOllama, startFakeLlamaServer, startFakeMlx],
})

describeRuntime({
  runtime: mlx,
  start: startFakeMlx,
  others: [startFakeOllama, startFakeLlamaServer, startFakeLmStudio],
})

it('each Runtime ends its wait for a server that accepts and never answers', async () => {
  const silent = await startFakeServer({}, () => {})
  const waits = runtimes.map((runtime) =>
    runtime.detect(loopbackHost({ [runtime.ports[0] ?? 0]: silent.port })),
  )
  for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: 'timeout' })
  await silent.close()
})
