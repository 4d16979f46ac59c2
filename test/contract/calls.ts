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

/** An input that each call's schema accepts, so that only the Role can refuse it. */
const inputs: Record<string, unknown> = {
  'app.openWindow': { place: 'hosts' },
  'app.openRemedy': { target: 'https://example.org/' },
  'app.diagnostics': { hostId: 'this-machine' },
  'checks.run': { hostId: 'this-machine', ids: [] },
  'connect.open': { hostId: 'demo', toolId: 'cursor' },
  'connect.modelServerAddress': { hostId: 'this-machine', runtimeId: 'ollama' },
  'fleet.watch': { focus: null },
  'hosts.add': {
    name: 'x',
    target: '',
    account: null,
    port: null,
    keyPath: null,
    folderPath: null,
  },
  'hosts.edit': {
    kind: 'ssh',
    id: 'none',
    name: 'n',
    target: 't',
    account: null,
    port: null,
    keyPath: null,
    folderPath: null,
  },
  'hosts.remove': { id: 'none' },
  'hosts.test': { testId: 'too short', host: {} },
  'hosts.answer': { id: 'none', answer: { kind: 'secret', secret: null, isRemembered: false } },
  'hosts.reconnect': { id: 'none' },
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
            const code = await codeOf(invoke(client, call, inputs[call.path.join('.')]))
            const isRefused = code === 'FORBIDDEN'
            expect([call.path.join('.'), isRefused]).toEqual([
              call.path.join('.'),
              !includesRole(role, call.meta.role),
            ])
          }
        })
      })
    }

    it('declares for every call the Role it needs and where that Role is read', () => {
      for (const { path, meta } of declaredCalls) {
        expect([path, ['guest', 'member', 'admin'].includes(meta.role)]).toEqual([path, true])
        expect([path, ['host', 'here'].includes(meta.on)]).toEqual([path, true])
      }
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
        const host = { name: 'n', account: null, port: null, keyPath: null, folderPath: null }
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
