// @ts-expect-error systeminformation tells no types of its parts
import network from 'systeminformation/lib/network.js'
// @ts-expect-error likewise
import os from 'systeminformation/lib/osinfo.js'

/**
 * In place of the whole of systeminformation: the two of its parts that are asked. The others would lie idle in memory for as long as the
 * app runs. The build puts it there; see electron.vite.config.ts.
 */
export default { osInfo: os.osInfo, networkInterfaces: network.networkInterfaces }
