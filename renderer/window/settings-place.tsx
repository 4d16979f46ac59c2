import { useQuery } from '@tanstack/react-query'
import type { ConnectTool, ConnectToolId } from '../../preload/contract/connect.ts'
import type { Refusals, Settings } from '../../preload/contract/settings.ts'
import { client } from '../client.ts'
import { failureOf } from '../panels/actions.ts'
import { useSay } from '../panels/say.ts'
import { useAbout, useSettings, useUpdateSettings } from '../state/settings.ts'
import { SelectInput } from '../ui/field.tsx'
import { Note } from '../ui/note.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Rows, SettingRow, ToggleRow } from './rows.tsx'
import { ShortcutRecorder } from './shortcut-recorder.tsx'
import { Section } from './window.tsx'

const openChoicesMs = [1_000, 2_000, 5_000] as const
const closedChoicesMs = [15_000, 60_000, 300_000] as const

export function SettingsPlace() {
  const say = useSay()
  const about = useAbout()
  const { settings, refusals } = useSettings() ?? {}
  const update = useUpdateSettings()
  if (settings === undefined || refusals === undefined || about === undefined) return null
  const { can } = about
  const isApp = about.face === 'electron'
  /** In the browser none of these can be had: said once for all of them. */
  const onlyApp = say('window.settings.only-app')
  const isBrowser = !can.startAtLogin && !can.globalShortcut && !can.menuBar
  const helpOf = (isPossible: boolean, help?: string) =>
    isPossible ? help : isBrowser ? undefined : onlyApp
  const problemOf = (name: keyof Refusals) => {
    const message = refusals[name]
    return message === null ? null : say(message)
  }
  const change = (patch: Partial<Settings>) => update.mutate(patch)
  const choices = (values: readonly number[], chosen: number) =>
    [...new Set([...values, chosen])]
      .toSorted((a, b) => a - b)
      .map((ms) => ({ value: String(ms), label: say('window.settings.every', { waitMs: ms }) }))

  return (
    <div className="flex flex-col gap-5">
      {update.isError && (
        <Note tone="bad" isAlert>
          {say(failureOf(update.error).message)}
        </Note>
      )}
      <Section title={say('window.settings.look')}>
        <Rows>
          <SettingRow label={say('window.settings.language')}>
            {(label) => (
              <SelectInput
                label={label}
                value={settings.language}
                options={[
                  { value: 'system', label: say('window.settings.system') },
                  { value: 'en', label: 'English' },
                  { value: 'zh-CN', label: '简体中文' },
                ]}
                onChange={(language) => change({ language })}
              />
            )}
          </SettingRow>
          <SettingRow label={say('window.settings.theme')}>
            {(label) => (
              <Segmented
                label={label}
                value={settings.theme}
                options={(['system', 'light', 'dark'] as const).map((theme) => ({
                  value: theme,
                  label: say(`window.settings.${theme === 'system' ? 'auto' : theme}`),
                }))}
                onChange={(theme) => change({ theme })}
              />
            )}
          </SettingRow>
        </Rows>
      </Section>
      <Section title={say('window.settings.start')} help={isBrowser ? onlyApp : undefined}>
        <Rows>
          <ToggleRow
            label={say('window.settings.at-login')}
            help={helpOf(can.startAtLogin)}
            problem={problemOf('isStartedAtLogin')}
            isOn={settings.isStartedAtLogin}
            isDisabled={!can.startAtLogin}
            onChange={(isStartedAtLogin) => change({ isStartedAtLogin })}
          />
          <SettingRow
            label={say('window.settings.shortcut')}
            help={helpOf(can.globalShortcut, say('window.settings.shortcut-help'))}
            problem={problemOf('globalShortcut')}
          >
            {(label) => (
              <ShortcutRecorder
                label={label}
                value={settings.globalShortcut}
                isDisabled={!can.globalShortcut}
                isMac={about.platform === 'darwin'}
                onChange={(globalShortcut) => change({ globalShortcut })}
              />
            )}
          </SettingRow>
          <ToggleRow
            label={say('window.settings.room')}
            help={helpOf(can.menuBar, say('window.settings.room-help'))}
            isOn={settings.isRoomShownInMenuBar}
            isDisabled={!can.menuBar}
            onChange={(isRoomShownInMenuBar) => change({ isRoomShownInMenuBar })}
          />
          <ToggleRow
            label={say('window.settings.notify')}
            help={helpOf(isApp, say('window.settings.notify-help'))}
            isOn={settings.isNotified}
            isDisabled={!isApp}
            onChange={(isNotified) => change({ isNotified })}
          />
        </Rows>
      </Section>
      <Section title={say('window.settings.intervals')}>
        <Rows>
          <SettingRow label={say('window.settings.open')}>
            {(label) => (
              <SelectInput
                label={label}
                value={String(settings.openEveryMs)}
                options={choices(openChoicesMs, settings.openEveryMs)}
                onChange={(ms) => change({ openEveryMs: Number(ms) })}
              />
            )}
          </SettingRow>
          <SettingRow
            label={say('window.settings.closed')}
            help={say('window.settings.closed-help')}
          >
            {(label) => (
              <SelectInput
                label={label}
                value={String(settings.closedEveryMs)}
                options={choices(closedChoicesMs, settings.closedEveryMs)}
                onChange={(ms) => change({ closedEveryMs: Number(ms) })}
              />
            )}
          </SettingRow>
        </Rows>
      </Section>
      <Section title={say('window.settings.studios')}>
        <Rows>
          <ToolRow
            value={settings.preferredToolId}
            onChange={(preferredToolId) => change({ preferredToolId })}
          />
          <ToggleRow
            label={say('window.settings.demo')}
            help={say('window.settings.demo-help')}
            isOn={settings.isDemoShown}
            onChange={(isDemoShown) => change({ isDemoShown })}
          />
        </Rows>
      </Section>
    </div>
  )
}

interface ToolRowProps {
  value: ConnectToolId
  onChange: (id: ConnectToolId) => void
}

/** Which program a Studio is opened in. One that is not on this machine is shown, and cannot be chosen. */
function ToolRow({ value, onChange }: ToolRowProps) {
  const say = useSay()
  const { data: tools, isError } = useQuery({
    queryKey: ['tools'],
    queryFn: () => client.connect.tools(),
  })
  const known = tools ?? []
  const chosen = known.find(({ id }) => id === value)
  const help = isError
    ? say('window.settings.tools-unknown')
    : chosen?.isInstalled === false
      ? say('window.settings.tool-missing', { name: chosen.name })
      : say('window.settings.tool-help')
  return (
    <SettingRow label={say('window.settings.tool')} help={help}>
      {(label) => (
        <SelectInput
          label={label}
          value={value}
          options={toolChoices(known, value).map(({ id, name, isInstalled }) => ({
            value: id,
            label: isInstalled === false ? say('window.settings.not-here', { name }) : name,
            // the one that is chosen can be chosen
            isDisabled: isInstalled === false && id !== value,
          }))}
          onChange={onChange}
        />
      )}
    </SettingRow>
  )
}

/** Those that are here first; before they are known, the chosen one alone. */
function toolChoices(tools: readonly ConnectTool[], chosen: ConnectToolId) {
  if (tools.length === 0) return [{ id: chosen, name: chosen, isInstalled: null }]
  return tools.toSorted(
    (one, other) => Number(one.isInstalled === false) - Number(other.isInstalled === false),
  )
}
