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
