import { join } from 'node:path'
import { systemClock } from '../../main/core/clock.ts'
import { createDemoHost } from '../../main/hosts/demo.ts'
import { createLocalHost } from '../../main/hosts/local.ts'
import { createRecordedHost } from '../../main/hosts/recorded.ts'
import { loadDemoRecording } from '../../main/hosts/recording/recording.ts'
import { silentLog } from '../support/silent-log.ts'
import { everyHostSuite, hostSuite } from './hosts.ts'

hostSuite('local', () =>
  createLocalHost({ id: 'this-machine', clock: systemClock, log: silentLog }),
)

const recording = loadDemoRecording(join(import.meta.dirname, '../../resources'))
const known = { argv: ['sysctl', '-n', 'hw.memsize'], stdout: '549755813888\n' } as const

everyHostSuite('recorded', () => createRecordedHost({ id: 'recorded', recording }), known)
everyHostSuite('demo', () => createDemoHost({ recording, clock: systemClock }), known)
