import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import { sshHostConfigSchema } from '../../../preload/contract/settings.ts'
import {
  draftOf,
  emptyDraft,
  type HostDraft,
  hostOf,
  problemsOf,
  takenAliases,
} from '../../../renderer/window/hosts/host-form.ts'

/** What the core accepts; the form must say the same, in words, beforehand. */
const accepted = sshHostConfigSchema.omit({ id: true, kind: true })

function draft(fields: Partial<HostDraft>): HostDraft {
  return { ...emptyDraft, ...fields }
}

describe('the form of a host', () => {
  it.each([
    [{}, [['target', 'target-missing']]],
    [{ target: 'mac-studio' }, []],
    [{ target: '-oProxyCommand=x' }, [['target', 'target']]],
    [{ target: 'a b' }, [['target', 'target']]],
    [{ target: 'm', account: '-l' }, [['account', 'account']]],
    [{ target: 'm', account: 'ana maria' }, [['account', 'account']]],
    [{ target: 'm', port: '0' }, [['port', 'port']]],
    [{ target: 'm', port: '65536' }, [['port', 'port']]],
    [{ target: 'm', port: '2.5' }, [['port', 'port']]],
    [{ target: 'm', port: ' 2222 ' }, []],
    [{ target: 'm', name: 'n'.repeat(81) }, [['name', 'too-long']]],
    [{ target: 'm'.repeat(256) }, [['target', 'too-long']]],
    [{ target: 'm', alias: 'mac-studio.1_b' }, []],
    [{ target: 'm', alias: '-mac' }, [['alias', 'alias']]],
    [{ target: 'm', alias: 'mac*' }, [['alias', 'alias']]],
    [{ target: 'm', alias: '工作室' }, [['alias', 'alias']]],
    [{ target: 'm', alias: 'a'.repeat(65) }, [['alias', 'too-long']]],
  ] as const)('says of %j what is wrong: %j', (fields, problems) => {
    expect(problemsOf(draft(fields)).map(({ field, key }) => [field, key])).toEqual(problems)
  })

  it('leaves empty fields to the SSH configuration, and names the host as it is reached', () => {
    expect(hostOf(draft({ target: ' ana@mac-studio.example.net ' }))).toEqual({
      ...{ name: 'mac-studio.example.net', target: 'ana@mac-studio.example.net' },
      ...plainHost,
    })
  })

  it('takes an account with an @ for an account, as ssh does', () => {
    expect(hostOf(draft({ target: 'ana@example.net@mac-studio' })).name).toBe('mac-studio')
  })

  it('refuses an alias that another host has, in whatever case', () => {
    const problems = problemsOf(
      draft({ target: 'm', alias: 'Studio' }),
      takenAliases([{ alias: 'sTUDIO' }, { alias: null }]),
    )
    expect(problems).toEqual([{ field: 'alias', key: 'alias-taken' }])
  })

  it('gives a host back as it was', () => {
    const host = {
      ...plainHost,
      ...{ name: 'Studio', target: 'studio', account: 'ana', port: 2222 },
      ...{
        keyPath: '~/.ssh/id_ed25519',
        alias: 'studio',
        isControlMasterOn: true,
        macAddress: '0a:1b:2c:3d:4e:5f',
      },
    }
    expect(hostOf(draftOf(host), host)).toEqual(host)
  })

  it('lets through exactly what the core accepts, whatever is typed', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('', '-x', 'a b', '@', 'a@', '22', '70000', 'x'.repeat(70), 'x'.repeat(2000)),
    )
    const anyDraft = fc.record({
      ...{ name: text, target: text, account: text, port: text, keyPath: text, folderPath: text },
      ...{ alias: text, isControlMasterOn: fc.boolean() },
    })
    fc.assert(
      fc.property(anyDraft, (typed) => {
        const isAccepted = accepted.safeParse(hostOf(typed)).success
        expect({ typed, isFine: problemsOf(typed).length === 0 }).toEqual({
          typed,
          isFine: isAccepted,
        })
      }),
      { numRuns: 2_000 },
    )
  })
})
