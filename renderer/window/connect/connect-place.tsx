import { SshConfigSection } from './ssh-config-section.tsx'
import { TailnetSection } from './tailnet-section.tsx'
import { TunnelsSection } from './tunnels-section.tsx'

/** How this machine gets to its Studios: the tailnet, the SSH configuration, open tunnels. */
export function ConnectPlace() {
  return (
    <div className="flex flex-col gap-6">
      <TailnetSection />
      <SshConfigSection />
      <TunnelsSection />
    </div>
  )
}
