import { expect, it } from 'vitest'
import { runtimes } from '../../main/runtimes/index.ts'
import type { RuntimeId } from '../../main/runtimes/runtime.ts'
import {
  startFakeLlamaServer,
  startFakeLmStudio,
  startFakeMlx,
  startFakeOllama,
} from '../support/fake-runtimes.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { loopbackHost } from '../support/loopback-host.ts'
import { describeRuntime } from './runtimes.ts'

/** As the core gets them: from the list. */
function listed(id: RuntimeId) {
  const runtime = runtimes.find((one) => one.id === id)
  if (runtime === undefined) throw new Error(`${id} is not in the list`)
  return runtime
}

describeRuntime({
  runtime: listed('ollama'),
  start: startFakeOllama,
  others: [startFakeLlamaServer, startFakeLmStudio, startFakeMlx],
})

describeRuntime({
  runtime: listed('llama-cpp'),
  start: startFakeLlamaServer,
  others: [startFakeOllama, startFakeLmStudio, startFakeMlx],
  // a child that dies for want of memory only leaves an exit code
  codeOfFullMemory: 'server-error',
})

describeRuntime({
  runtime: listed('lm-studio'),
  start: startFakeLmStudio,
  others: [startFakeOllama, startFakeLlamaServer, startFakeMlx],
})

describeRuntime({
  runtime: listed('mlx'),
  processes: '  811 /opt/homebrew/bin/mlx_lm.server --port 8080',
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
