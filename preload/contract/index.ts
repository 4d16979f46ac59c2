import { app } from './app.ts'
import { checks } from './checks.ts'
import { connect } from './connect.ts'
import { doctor } from './doctor.ts'
import { fleet } from './fleet.ts'
import { hosts } from './hosts.ts'
import { jobs } from './jobs.ts'
import { models } from './models.ts'
import { settings } from './settings.ts'
import { sshConfig } from './ssh-config.ts'
import { tailnet } from './tailnet.ts'
import { tunnels } from './tunnels.ts'

/** Every call and event that may cross between page and core; nothing crosses beside it. */
export const contract = {
  ...{ app, checks, connect, doctor, fleet, hosts, jobs, models, settings },
  ...{ sshConfig, tailnet, tunnels },
}
export type Contract = typeof contract
