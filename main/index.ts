import { homedir } from 'node:os'
import { app, dialog } from 'electron'
import { startApp } from './electron/app.ts'
import { registerAppScheme } from './electron/guard.ts'
import { parseLaunch } from './electron/launch.ts'

/** Electron's entry: the menu-bar app, or with `--cli` the command line. */
const { env, platform } = process
const launch = parseLaunch(process.argv)
const place = { env, platform, homeDir: env.HOME || homedir() }

function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  if (launch.kind === 'cli') process.stderr.write(`${text}\n`)
  else dialog.showErrorBox('Studiolo', text)
  app.exit(1)
}

if (launch.kind === 'cli') {
  app.dock?.hide()
  import('./cli.ts')
    .then(({ run }) => run(launch.args))
    .then((status) => app.exit(status))
    .catch(fail)
} else if (!app.requestSingleInstanceLock()) {
  // the app that runs already shows its window
  app.exit(0)
} else {
  // in the packed app LSUIElement says the same, before the icon can show
  app.dock?.hide()
  registerAppScheme()
  app
    .whenReady()
    .then(() => startApp(launch, place))
    .catch(fail)
}
