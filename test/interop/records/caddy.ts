import type { ClientRecord } from '../support/features.ts';

const server = 'Caddy keeps certificates for its own sites and has no command for anything else';
const dns = 'Debian’s Caddy has no module for any DNS';

export const caddy: ClientRecord = {
  name: 'Caddy',
  program: 'caddy',
  from: { debian: 'caddy' },
  version: '2.6.2',
  cannot: {
    ari: 'Caddy 2.6 renews by what is left of the life',
    profile: 'Caddy 2.6 knows no profiles',
    contact: server,
    rollover: server,
    deactivate: server,
    'dns-01': dns,
    wildcard: dns,
    revoke: server,
    'revoke-by-key': server,
  },
  notes: {
    ip: 'by http-01: for tls-alpn-01 Caddy 2.6 writes the address as a DNS name, which RFC 8738 does not allow',
  },
};
