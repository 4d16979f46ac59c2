import type { DoctorStep } from './step.ts'
import { authentication } from './steps/authentication.ts'
import { editorServer } from './steps/editor-server.ts'
import { firstCommand } from './steps/first-command.ts'
import { hostKey } from './steps/host-key.ts'
import { modelPort } from './steps/model-port.ts'
import { peerKnown } from './steps/peer-known.ts'
import { sameTailnet } from './steps/same-tailnet.ts'
import { sshBanner } from './steps/ssh-banner.ts'
import { tailnetPing } from './steps/tailnet-ping.ts'
import { tailscaleInstalled } from './steps/tailscale-installed.ts'
import { tailscaleLoggedIn } from './steps/tailscale-logged-in.ts'
import { tailscaleRunning } from './steps/tailscale-running.ts'
import { tcp } from './steps/tcp.ts'

/** All hops, in the order in which each stands on the ones before it. */
export const doctorSteps: readonly DoctorStep[] = [
  tailscaleInstalled,
  tailscaleRunning,
  tailscaleLoggedIn,
  sameTailnet,
  peerKnown,
  tailnetPing,
  tcp,
  sshBanner,
  hostKey,
  authentication,
  firstCommand,
  editorServer,
  modelPort,
]
