/** What the doctor tries, in this order: each stands on the ones before it. Without zod, so that the page may list them. */
export const doctorStepIds = [
  'tailscale-installed',
  'tailscale-running',
  'tailscale-logged-in',
  'same-tailnet',
  'peer-known',
  'tailnet-ping',
  'tcp',
  'ssh-banner',
  'host-key',
  'authentication',
  'first-command',
  'editor-server',
  'model-port',
] as const
export type DoctorStepId = (typeof doctorStepIds)[number]
