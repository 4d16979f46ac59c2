import { join } from 'node:path'

/**
 * A Headscale that needs nothing from outside: TLS of its own, its own relay (DERP) and STUN, no update check. Its options are those
 * of config-example.yaml in Headscale 0.29.
 */
export function headscaleConfig({
  dir,
  address,
  keyPath,
  certPath,
}: {
  dir: string
  address: string
  keyPath: string
  certPath: string
}): string {
  const derp = {
    ...{ enabled: true, region_id: 999, region_code: 'studio', region_name: 'studio' },
    ...{ verify_clients: true, stun_listen_addr: `${address}:3478`, ipv4: address },
    ...{ private_key_path: join(dir, 'derp.key'), automatically_add_embedded_derp_region: true },
  }
  const config = {
    server_url: `https://${address}:8443`,
    listen_addr: `${address}:8443`,
    metrics_listen_addr: '127.0.0.1:9090',
    grpc_listen_addr: '127.0.0.1:50443',
    ...{ tls_cert_path: certPath, tls_key_path: keyPath },
    noise: { private_key_path: join(dir, 'noise.key') },
    prefixes: { v4: '100.64.0.0/10', v6: 'fd7a:115c:a1e0::/48', allocation: 'sequential' },
    derp: { server: derp, urls: [], paths: [], auto_update_enabled: false },
    disable_check_updates: true,
    database: { type: 'sqlite', sqlite: { path: join(dir, 'headscale.db') } },
    policy: { mode: 'database' },
    dns: {
      ...{ magic_dns: true, base_domain: 'tail.test', override_local_dns: false },
      nameservers: { global: [] },
    },
    unix_socket: join(dir, 'headscale.sock'),
    unix_socket_permission: '0700',
    logtail: { enabled: false },
    log: { level: 'info', format: 'text' },
  }
  // every JSON is YAML as well
  return JSON.stringify(config, null, 2)
}
