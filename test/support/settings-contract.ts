import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { SettingsStore } from '../../main/core/ports.ts'
import {
  defaultSettings,
  type SettingsState,
  type SshHostConfig,
} from '../../preload/contract/settings.ts'
import { addHost, sshHost } from './settings-hosts.ts'

/** One settings file, however it is kept, and the stores that are opened on it. */
export interface SettingsSubject {
  open(): Promise<SettingsStore>
  read(): string | null
  /** As an editor or another face would. */
  write(text: string): void
  /** The texts that were kept aside, by path. */
  backups(): ReadonlyMap<string, string>
}

/** What every SettingsStore keeps, whatever file it is built on. */
export function describeSettingsStore(name: string, createSubject: () => SettingsSubject): void {
  describe(`settings store: ${name}`, () => {
    const opened: SettingsStore[] = []
    afterEach(() => {
      for (const store of opened.splice(0)) store.close()
    })

    async function open(subject: SettingsSubject): Promise<SettingsStore> {
      const store = await subject.open()
      opened.push(store)
      return store
    }

    it('starts with the defaults and writes nothing for that', async () => {
      const subject = createSubject()
      const store = await open(subject)
      expect(store.get()).toMatchObject({ settings: defaultSettings, problem: null })
      expect(subject.read()).toBeNull()
    })

    it('keeps a change for the next start', async () => {
      const subject = createSubject()
      const first = await open(subject)
      const state = await first.update((settings) => ({ ...settings, theme: 'dark' }))
      expect(state.settings.theme).toBe('dark')
      expect(first.get()).toBe(state)
      const second = await open(subject)
      expect(second.get().settings).toEqual({ ...defaultSettings, theme: 'dark' })
    })

    it('tells its listeners once for each change, and no more after they left', async () => {
      const store = await open(createSubject())
      const told: SettingsState[] = []
      const leave = store.onChange((state) => told.push(state))
      await store.update((settings) => ({ ...settings, language: 'zh-CN' }))
      await store.update((settings) => ({ ...settings, language: 'zh-CN' }))
      leave()
      await store.update((settings) => ({ ...settings, language: 'en' }))
      expect(told.map((state) => state.settings.language)).toEqual(['zh-CN'])
    })

    it('sees what another store wrote', async () => {
      const subject = createSubject()
      const [one, other] = [await open(subject), await open(subject)]
      await one.update(addHost('a'))
      await vi.waitFor(() => expect(other.get().settings.hosts).toEqual([sshHost('a')]), 5000)
      await other.update(addHost('b'))
      await vi.waitFor(() => expect(one.get().settings.hosts).toHaveLength(2), 5000)
    })

    it('changes what the file holds now, not what it remembers', async () => {
      const subject = createSubject()
      const store = await open(subject)
      subject.write(JSON.stringify({ ...defaultSettings, hosts: [sshHost('edited')] }))
      const state = await store.update(addHost('added'))
      expect(state.settings.hosts.map((host) => host.id)).toEqual(['edited', 'added'])
    })

    it('loses none of many changes at once', async () => {
      const subject = createSubject()
      const [one, other] = [await open(subject), await open(subject)]
      const ids = Array.from({ length: 20 }, (_, index) => `h${index}`)
      await Promise.all(ids.map((id, index) => (index % 2 === 0 ? one : other).update(addHost(id))))
      const kept = JSON.parse(subject.read() ?? '').hosts.map((host: SshHostConfig) => host.id)
      expect(kept.toSorted()).toEqual(ids.toSorted())
    })

    it('refuses a change that is not valid, and keeps the file', async () => {
      const subject = createSubject()
      const store = await open(subject)
      await store.update(addHost('a'))
      const before = subject.read()
      await expect(
        store.update((settings) => ({ ...settings, openEveryMs: 3 })),
      ).rejects.toMatchObject({ info: { code: 'invalid-input' } })
      await expect(
        store.update(() => {
          throw new RangeError('thought better of it')
        }),
      ).rejects.toThrow(RangeError)
      expect(subject.read()).toBe(before)
      await store.update((settings) => ({ ...settings, theme: 'light' }))
    })

    it.each([
      ['zeros', '\0'.repeat(300)],
      ['cut', JSON.stringify(defaultSettings).slice(0, 40)],
      ['empty', ''],
      ['of a wrong type', JSON.stringify({ ...defaultSettings, hosts: 'none' })],
    ])('keeps a file of %s aside and says where', async (_name, text) => {
      const subject = createSubject()
      subject.write(text)
      const store = await open(subject)
      const { settings, problem } = store.get()
      expect(settings).toEqual(defaultSettings)
      expect(problem?.code).toBe('settings-corrupt')
      const backupPath = String(problem?.message.params?.path)
      expect(subject.backups()).toEqual(new Map([[backupPath, text]]))

      expect((await store.update(addHost('a'))).problem).toEqual(problem)
      expect(store.dismissProblem().problem).toBeNull()
      expect((await open(subject)).get()).toMatchObject({
        problem: null,
        settings: { hosts: [sshHost('a')] },
      })
    })

    it('rescues the hosts of a file with one wrong field', async () => {
      const subject = createSubject()
      subject.write(JSON.stringify({ ...defaultSettings, theme: 4, hosts: [sshHost('a')] }))
      expect((await open(subject)).get()).toMatchObject({
        settings: { theme: 'system', hosts: [sshHost('a')] },
        problem: { code: 'settings-corrupt' },
      })
      expect((await open(subject)).get()).toMatchObject({
        settings: { hosts: [sshHost('a')] },
        problem: null,
      })
    })

    it('stays with its settings when the file turns corrupt while it runs', async () => {
      const subject = createSubject()
      const store = await open(subject)
      await store.update(addHost('a'))
      subject.write('{ "version": 1, "hosts": [')
      await vi.waitFor(() => expect(store.get().problem?.code).toBe('settings-corrupt'), 5000)
      expect(store.get().settings.hosts).toEqual([sshHost('a')])
      expect((await open(subject)).get().settings.hosts).toEqual([sshHost('a')])
      expect(subject.backups().size).toBe(1)
    })

    it('reads a file of a newer version and never writes to it', async () => {
      const subject = createSubject()
      const text = JSON.stringify({ ...defaultSettings, version: 9, hosts: [sshHost('a')] })
      subject.write(text)
      const store = await open(subject)
      onTestFinished(() => store.close())
      expect(store.get()).toMatchObject({
        settings: { hosts: [sshHost('a')] },
        problem: { message: { key: 'error.settings-newer', params: { version: 9 } } },
      })
      await expect(store.update(addHost('b'))).rejects.toMatchObject({
        info: { code: 'settings-unwritable', message: { key: 'error.settings-newer' } },
      })
      expect(subject.read()).toBe(text)
      expect(subject.backups().size).toBe(0)
    })
  })
}
