import iconUrl from '../../build/icon.png'
import { useSay } from '../panels/say.ts'
import { useAbout } from '../state/settings.ts'

export function About() {
  const say = useSay()
  const about = useAbout()
  if (about === undefined) return null
  const face =
    about.electronVersion === null
      ? say('window.about.browser')
      : `Electron ${about.electronVersion}`
  const facts = [
    [
      say('window.about.runs-in'),
      [face, `Node ${about.nodeVersion}`].join(say('popover.list-separator')),
    ],
    [say('window.about.system'), about.system ?? about.platform],
    [say('window.about.settings-file'), about.settingsPath],
    [say('window.about.licence'), 'MIT'],
  ] as const
  return (
    <div className="flex flex-col items-center gap-5 pt-2">
      <div className="flex flex-col items-center text-center">
        <img src={iconUrl} alt="" width={112} height={112} />
        <h1 className="text-hero font-semibold">{about.name}</h1>
        <p className="text-soft">{say('window.about.version', { version: about.version })}</p>
      </div>
      <p className="max-w-[420px] text-center text-soft">{say('window.about.text')}</p>
      <dl className="w-full rounded-card bg-card px-3 hairline-ring">
        {facts.map(([name, value]) => (
          <div key={name} className="flex gap-4 py-2.5 not-first:hairline-t">
            <dt className="flex-none">{name}</dt>
            <dd className="selectable min-w-0 flex-1 break-words text-right text-soft">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
