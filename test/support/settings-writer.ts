import { openSettings } from '../../main/node/settings.ts'
import { addHost } from './settings-hosts.ts'

/** A process that adds hosts to a settings file, one by one, and prints each id after the change was taken. */
const [path = '', prefix = '', count = '0'] = process.argv.slice(2)
const store = await openSettings(path)
for (let index = 0; index < Number(count); index += 1) {
  await store.update(addHost(`${prefix}-${index}`))
  process.stdout.write(`${prefix}-${index}\n`)
}
store.close()
