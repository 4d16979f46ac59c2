import { systemClock } from '../../main/core/clock.ts'
import { createLocalHost } from '../../main/hosts/local.ts'
import { silentLog } from '../support/silent-log.ts'
import { hostSuite } from './hosts.ts'

hostSuite('local', () =>
  createLocalHost({ id: 'this-machine', clock: systemClock, log: silentLog }),
)
