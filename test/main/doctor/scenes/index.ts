import { afterLoginScenes } from './after-login.ts'
import { loginScenes } from './login.ts'
import { networkScenes } from './network.ts'
import type { Scenes } from './parts.ts'
import { sshScenes } from './ssh.ts'
import { tailnetScenes } from './tailnet.ts'
import { tailscaleScenes } from './tailscale.ts'
import { tcpScenes } from './tcp.ts'

export const scenes: Scenes = {
  ...tailscaleScenes,
  ...tailnetScenes,
  ...networkScenes,
  ...tcpScenes,
  ...sshScenes,
  ...loginScenes,
  ...afterLoginScenes,
}
