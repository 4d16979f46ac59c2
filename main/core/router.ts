import { implement, ORPCError } from '@orpc/server'
import type { CallMeta, Role } from '../../preload/contract/base.ts'
import { contract } from '../../preload/contract/index.ts'
import { toErrorInfo } from './errors.ts'
import { includesRole } from './roles.ts'
import type { Services } from './services.ts'

/** What a connection brings along. */
export interface CallContext {
  /** The Role that counts for a call: of the account on the Host, or of the one that runs Studiolo. */
  roleFor(on: CallMeta['on'], hostId: string | null): Promise<Role>
}

function hostIdOf(input: unknown): string | null {
  const has = typeof input === 'object' && input !== null && 'hostId' in input
  return has && typeof input.hostId === 'string' ? input.hostId : null
}

/**
 * Binds each call of the contract to its service, behind the check of the Role. What the services answer is our own, typed and checked
 * in the tests; only those look at it again (`isOutputChecked`), since a schema over each change of each second is work for nothing.
 */
export function createRouter(services: Services, { isOutputChecked = false } = {}) {
  const os = implement(contract)
    .$context<CallContext>()
    .$config({
      initialInputValidationIndex: 0,
      initialOutputValidationIndex: isOutputChecked ? 0 : Number.NaN,
    })
    .use(async ({ context, next, procedure, errors }, input: unknown) => {
      const { role: needs, on } = procedure['~orpc'].meta
      try {
        // A guest's calls need no question to the Host, so they work while it is away.
        if (needs !== 'guest') {
          const has = await context.roleFor(on, hostIdOf(input))
          if (!includesRole(has, needs)) throw errors.FORBIDDEN({ data: { needs, has } })
        }
        return await next()
      } catch (error) {
        if (error instanceof ORPCError) throw error
        throw errors.FAILED({ data: toErrorInfo(error) })
      }
    })
  const { app, checks, connect, doctor, fleet, hosts, jobs, models, settings } = services
  const { sshConfig, tailnet, tunnels } = services
  return os.router({
    app: {
      about: os.app.about.handler(() => app.about()),
      openWindow: os.app.openWindow.handler(({ input }) => app.openWindow(input.place, input.host)),
      closePopover: os.app.closePopover.handler(() => app.closePopover()),
      holdPopover: os.app.holdPopover.handler(({ input }) => app.holdPopover(input.isHeld)),
      openRemedy: os.app.openRemedy.handler(({ input }) => app.openRemedy(input.target)),
      diagnostics: os.app.diagnostics.handler(({ input, signal }) =>
        app.diagnostics(input.hostId, signal),
      ),
    },
    checks: {
      run: os.checks.run.handler(({ input }) => checks.run(input.hostId, input.ids)),
    },
    connect: {
      tools: os.connect.tools.handler(() => connect.tools()),
      open: os.connect.open.handler(({ input }) => connect.open(input.hostId, input.toolId)),
      sshCommand: os.connect.sshCommand.handler(({ input }) => connect.sshCommand(input.hostId)),
      modelServerAddress: os.connect.modelServerAddress.handler(({ input }) =>
        connect.modelServerAddress(input.hostId, input.runtimeId),
      ),
    },
    doctor: {
      run: os.doctor.run.handler(({ input, signal }) => doctor.run(input.hostId, signal)),
    },
    fleet: {
      watch: os.fleet.watch.handler(({ input, signal }) => fleet.watch(input.focus, signal)),
    },
    hosts: {
      suggestions: os.hosts.suggestions.handler(() => hosts.suggestions()),
      add: os.hosts.add.handler(({ input }) => hosts.add(input)),
      edit: os.hosts.edit.handler(({ input }) => hosts.edit(input)),
      remove: os.hosts.remove.handler(({ input }) => hosts.remove(input.id)),
      test: os.hosts.test.handler(({ input, signal }) =>
        hosts.test(input.testId, input.host, signal),
      ),
      setUpKey: os.hosts.setUpKey.handler(({ input, signal }) =>
        hosts.setUpKey(input.testId, input.host, signal),
      ),
      wake: os.hosts.wake.handler(({ input }) => hosts.wake(input.id)),
      answer: os.hosts.answer.handler(({ input }) => hosts.answer(input.id, input.answer)),
      reconnect: os.hosts.reconnect.handler(({ input }) => hosts.reconnect(input.id)),
    },
    jobs: {
      cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.hostId, input.jobId)),
    },
    models: {
      load: os.models.load.handler(({ input }) =>
        models.load(input.hostId, input.runtimeId, input.modelId),
      ),
      unload: os.models.unload.handler(({ input }) =>
        models.unload(input.hostId, input.runtimeId, input.modelId),
      ),
    },
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      watch: os.settings.watch.handler(({ signal }) => settings.watch(signal)),
      update: os.settings.update.handler(({ input }) => settings.update(input)),
      dismissProblem: os.settings.dismissProblem.handler(() => settings.dismissProblem()),
    },
    sshConfig: {
      read: os.sshConfig.read.handler(() => sshConfig.read()),
      include: os.sshConfig.include.handler(({ input }) => sshConfig.include(input.revision)),
      remove: os.sshConfig.remove.handler(() => sshConfig.remove()),
    },
    tailnet: {
      up: os.tailnet.up.handler(() => tailnet.up()),
      down: os.tailnet.down.handler(() => tailnet.down()),
      logIn: os.tailnet.logIn.handler(() => tailnet.logIn()),
      refresh: os.tailnet.refresh.handler(() => tailnet.refresh()),
    },
    tunnels: {
      open: os.tunnels.open.handler(({ input }) => tunnels.open(input)),
      close: os.tunnels.close.handler(({ input }) => tunnels.closeOne(input.hostId, input.id)),
    },
  })
}
