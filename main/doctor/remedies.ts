import type { Message, Remedy, RemedyAction } from '../../preload/contract/base.ts'

type Params = NonNullable<Message['params']>
type Where = Remedy['where']

/** By the last part of a remedy's key: what Studiolo does itself, with a button beside the words. */
const actions: Readonly<Record<string, RemedyAction>> = {
  'switch-on-app': 'tailnet-up',
  'switch-on': 'tailnet-up',
  'open-app': 'tailnet-up',
  'log-in-app': 'tailnet-log-in',
  'log-in-command': 'tailnet-log-in',
  'log-in-page': 'tailnet-log-in',
  wake: 'wake',
  'confirm-key': 'connect',
  'enter-passphrase': 'connect',
  'enter-password': 'connect',
  'give-password': 'connect',
  'answer-it': 'connect',
  'set-up-key': 'set-up-key',
  'choose-key': 'edit-host',
  'check-name': 'edit-host',
  'check-port': 'edit-host',
  'use-tailnet': 'edit-host',
}

function withAction(remedy: Remedy): Remedy {
  const action = actions[remedy.text.key.replace('doctor.remedy.', '')]
  return action === undefined ? remedy : { ...remedy, action }
}

/** Something to do by hand, or with the button that {@link actions} names. */
export function doIt(where: Where, key: string, params: Params = {}): Remedy {
  return withAction({ kind: 'do', where, text: { key, params } })
}

/** A command to show and copy. */
export function runIt(where: Where, key: string, target: string, params: Params = {}): Remedy {
  return withAction({ kind: 'run-command', where, text: { key, params }, target })
}

/** A page on the web. */
export function readIt(key: string, target: string): Remedy {
  return withAction({ kind: 'read', where: 'here', text: { key }, target })
}

/** Remote Login has no link that opens on another Mac, so the path is in the words. */
export const turnOnRemoteLogin = doIt('on-host', 'doctor.remedy.remote-login')
