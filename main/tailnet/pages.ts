/** Tailscale's own pages; those of the admin console are of no use in a tailnet of Headscale. */
export const machinesPage = 'https://login.tailscale.com/admin/machines'
export const policyPage = 'https://login.tailscale.com/admin/acls'
export const downloadPage = 'https://tailscale.com/download'
