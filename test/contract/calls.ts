import { ORPCError } from '@orpc/client'
import { isContractProcedure } from '@orpc/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../main/core/create-core.ts'
import { includesRole } from '../../main/core/roles.ts'
import type { CallContext } from '../../main/core/router.ts'
import type { StudioloClient } from '../../main/core/services.ts'
import type { CallMeta, Role } from '../../preload/contract/base.ts'
import { applyChange } from '../../preload/contract/change.ts'
import type { FleetState } from '../../preload/contract/fleet.ts'
import { contract } from '../../preload/contract/index.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'

/** One way for a page to reach the core. */
export interface Transport {
  connect(
    core: Core,
    context: CallContext,
  ): Promise<{ client: StudioloClient; close(): Promise<void> }>
}

interface DeclaredCall {
  path: [area: string, name: string]
  meta: CallMeta
}

const declaredCalls: DeclaredCall[] = Object.entries(contract).flatMap(([area, calls]) =>
  Object.entries(calls).map(([name, procedure]) => {
    if (!isContractProcedure(procedure)) throw new Error(`${area}.${name} is not a call`)
    return { path: [area, name] as [string, string], meta: procedure['~orpc'].meta as CallMeta }
  }),
)

/**
 * The least Role of every call, and where it is read: written by hand, so that one that is lowered in the contract by mistake is noticed,
 * and one that is new gets its line here by somebody who thought of it.
 */
const needed: Readonly<Record<string, CallMeta>> = {
  'app.about': { role: 'guest', on: 'here' },
  'app.openWindow': { role: 'guest', on: 'here' },
  'app.closePopover': { role: 'guest', on: 'here' },
  'app.holdPopover': { role: 'guest', on: 'here' },
  'app.openRemedy': { role: 'guest', on: 'here' },
  'app.diagnostics': { role: 'member', on: 'host' },
  'checks.run': { role: 'member', on: 'host' },
  'connect.tools': { role: 'guest', on: 'here' },
  'connect.open': { role: 'guest', on: 'host' },
  'connect.sshCommand': { role: 'guest', on: 'host' },
  'connect.modelServerAddress': { role: 'guest', on: 'host' },
  'doctor.run': { role: 'guest', on: 'here' },
  'fleet.watch': { role: 'guest', on: 'here' },
  'hosts.suggestions': { role: 'guest', on: 'here' },
  'hosts.add': { role: 'guest', on: 'here' },
  'hosts.edit': { role: 'guest', on: 'here' },
  'hosts.remove': { role: 'guest', on: 'here' },
  'hosts.test': { role: 'guest', on: 'here' },
  'hosts.answer': { role: 'guest', on: 'here' },
  'hosts.setUpKey': { role: 'guest', on: 'here' },
  'hosts.wake': { role: 'guest', on: 'here' },
  'hosts.reconnect': { role: 'guest', on: 'here' },
  'jobs.cancel': { role: 'guest', on: 'host' },
  'models.load': { role: 'member', on: 'host' },
  'models.unload': { role: 'member', on: 'host' },
  'settings.get': { role: 'guest', on: 'here' },
  'settings.watch': { role: 'guest', on: 'here' },
  'settings.update': { role: 'guest', on: 'here' },
  'settings.dismissProblem': { role: 'guest', on: 'here' },
  'sshConfig.read': { role: 'guest', on: 'here' },
  'sshConfig.include': { role: 'guest', on: 'here' },
  'sshConfig.remove': { role: 'guest', on: 'here' },
  'tailnet.up': { role: 'member', on: 'here' },
  'tailnet.down': { role: 'admin', on: 'here' },
  'tailnet.logIn': { role: 'admin', on: 'here' },
  'tailnet.refresh': { role: 'guest', on: 'here' },
  'tunnels.open': { role: 'member', on: 'host' },
  'tunnels.close': { role: 'member', on: 'host' },
}

const newHost = { name: 'n', target: 't', ...plainHost }

/** An input that each call's schema accepts, so that only the Role can refuse it. */
const inputs: Record<string, unknown> = {
  'app.openWindow': { place: 'hosts', host: { id: 'studio', as: 'edit' } },
  'app.holdPopover': { isHeld: true },
  'app.openRemedy': { target: 'https://example.org/' },
  'app.diagnostics': { hostId: 'this-machine' },
  'checks.run': { hostId: 'this-machine', ids: [] },
  'connect.open': { hostId: 'demo', toolId: 'cursor' },
  'connect.sshCommand': { hostId: 'none' },
  'connect.modelServerAddress': { hostId: 'this-machine', runtimeId: 'ollama' },
  'fleet.watch': { focus: null },
  'hosts.add': newHost,
  'hosts.edit': { kind: 'ssh', id: 'none', ...newHost },
  'hosts.remove': { id: 'none' },
  'hosts.test': { testId: 'test-of-calls', host: newHost },
  'hosts.answer': { id: 'none', answer: { kind: 'secret', secret: null, isRemembered: false } },
  'hosts.reconnect': { id: 'none' },
  'hosts.setUpKey': { testId: 'test-of-calls', host: newHost },
  'hosts.wake': { id: 'none' },
  'doctor.run': { hostId: 'none' },
  'sshConfig.include': { revision: 'none' },
  'tunnels.open': { hostId: 'none', name: 'Ollama', remotePort: 11434, localPort: null },
  'tunnels.close': { hostId: 'none', id: 'none' },
  'jobs.cancel': { hostId: 'this-machine', jobId: 'none' },
  'models.load': { hostId: 'this-machine', runtimeId: 'ollama', modelId: 'none' },
  'models.unload': { hostId: 'this-machine', runtimeId: 'ollama', modelId: 'none' },
  'settings.update': {},
}

const as = (role: Role): CallContext => ({ roleFor: async () => role })

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    const result = await call
    const isStream = typeof result === 'object' && result !== null && Symbol.asyncIterator in result
    if (isStream) await (result as AsyncGenerator).return?.(undefined)
    return 'answered'
  } catch (error) {
    return error instanceof ORPCError ? error.code : `threw ${String(error)}`
  }
}

function invoke(client: StudioloClient, { path: [area, name] }: DeclaredCall, input: unknown) {
  const calls = client as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >
  const call = calls[area]?.[name]
  if (call === undefined) throw new Error(`${area}.${name} is missing`)
  return call(input)
}

/** What holds for the contract whatever carries it. */
export function callsSuite(name: string, transport: Transport, makeCore: () => Promise<Core>) {
  describe(`contract over ${name}`, () => {
    let core: Core
    beforeAll(async () => {
      core = await makeCore()
    })
    afterAll(() => core.close())

    async function connected<Result>(
      context: CallContext,
      run: (client: StudioloClient) => Promise<Result>,
    ): Promise<Result> {
      const { client, close } = await transport.connect(core, context)
      try {
        return await run(client)
      } finally {
        await close()
      }
    }

    for (const role of ['guest', 'member', 'admin'] as const) {
      it(`lets a ${role} make the calls of their Role and no others`, async () => {
        await connected(as(role), async (client) => {
          for (const call of declaredCalls) {
            const name = call.path.join('.')
            const code = await codeOf(invoke(client, call, inputs[name]))
            const isLetIn = includesRole(role, needed[name]?.role ?? 'admin')
            const expected = isLetIn ? /: (?:answered|FAILED)$/ : /: FORBIDDEN$/
            expect(`${name}: ${code}`).toMatch(expected)
          }
        })
      })
    }

    it('declares for every call the Role it needs and where that Role is read', () => {
      const declared = declaredCalls.map(({ path, meta }) => [path.join('.'), meta])
      expect(Object.fromEntries(declared)).toEqual(needed)
    })

    it('refuses a call that is not in the contract', async () => {
      await connected(as('admin'), async (client) => {
        const code = await codeOf(
          invoke(client, { path: ['app', 'evaluate'], meta: { role: 'guest', on: 'here' } }, {}),
        )
        expect(code).toBe('NOT_FOUND')
      })
    })

    it('refuses arguments that the schema does not know', async () => {
      await connected(as('admin'), async (client) => {
        const places = client.app.openWindow as (input: unknown) => Promise<void>
        expect(await codeOf(places({ place: 'elsewhere' }))).toBe('BAD_REQUEST')
        const add = client.hosts.add as (input: unknown) => Promise<unknown>
        const host = { ...plainHost, name: 'n' }
        expect(await codeOf(add({ ...host, target: '-oProxyCommand=touch /tmp/x' }))).toBe(
          'BAD_REQUEST',
        )
        expect(await codeOf(add({ ...host, target: 'a\nb' }))).toBe('BAD_REQUEST')
      })
    })

    it('carries a failure as a code and a sentence', async () => {
      await connected(as('admin'), async (client) => {
        const failure = await client.hosts
          .reconnect({ id: 'none' })
          .catch((error: unknown) => error)
        expect(failure).toMatchObject({
          code: 'FAILED',
          defined: true,
          data: { code: 'not-found', message: { key: 'error.not-found' } },
        })
      })
    })

    it('streams a snapshot, then changes without a gap', async () => {
      await connected(as('guest'), async (client) => {
        const stream = await client.fleet.watch({ focus: 'this-machine' })
        let state: FleetState | null = null
        let changes = 0
        for await (const event of stream) {
          if (event.kind === 'snapshot') state = event.state
          else if (state !== null) {
            state = applyChange(state, event)
            if (state === null) throw new Error('a gap')
            changes++
          }
          if (changes >= 5 && state?.hosts[0]?.memoryBar != null) break
        }
        expect(state?.hosts.map(({ id }) => id)).toContain('this-machine')
        const bar = state?.hosts.find(({ id }) => id === 'this-machine')?.memoryBar
        expect(bar?.segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bar?.totalBytes)
      })
    })

    it('streams the settings, and each change of another page', async () => {
      const other = await transport.connect(core, as('guest'))
      await connected(as('guest'), async (client) => {
        const themes: string[] = []
        for await (const { settings } of await client.settings.watch()) {
          themes.push(settings.theme)
          if (themes.length === 1) await other.client.settings.update({ theme: 'dark' })
          else break
        }
        expect(themes).toEqual(['system', 'dark'])
        await other.client.settings.update({ theme: 'system' })
      })
      await other.close()
    })

    it('serves two pages at once, and the second when the first has gone', async () => {
      const first = await transport.connect(core, as('guest'))
      await connected(as('guest'), async (client) => {
        await first.client.app.about()
        await first.close()
        expect((await client.app.about()).name).toBe('Studiolo')
      })
    })
  })
}
