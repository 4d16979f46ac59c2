import { useSay } from '../panels/say.ts'
import { useAbout } from '../state/settings.ts'
import { Card } from '../ui/card.tsx'

export function About() {
  const say = useSay()
  const about = useAbout()
  if (about === undefined) return null
  const face =
    about.electronVersion === null
      ? say('window.about.browser')
      : `Electron ${about.electronVersion}`
  const facts = [
    [say('window.about.runs-in'), `${face}, Node ${about.nodeVersion}`],
    [say('window.about.system'), about.system ?? about.platform],
    [say('window.about.settings-file'), about.settingsPath],
    [say('window.about.licence'), 'MIT'],
  ] as const
  return (
    <div className="flex flex-col items-center gap-4 pt-4">
      <div className="text-center">
        <h1 className="text-hero font-semibold">{about.name}</h1>
        <p className="text-soft">{say('window.about.version', { version: about.version })}</p>
      </div>
      <p className="max-w-[420px] text-center text-soft">{say('window.about.text')}</p>
      <Card className="w-full">
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-soft">{name}</dt>
              <dd className="selectable min-w-0 break-words">{value}</dd>
            </div>
          ))}
        </dl>
      </Card>
    </div>
  )
}
