import type { ClientRecord } from '../support/features.ts';

export const certbot: ClientRecord = {
  name: 'certbot',
  program: 'certbot',
  from: { debian: 'certbot' },
  version: '2.1.0',
  cannot: {
    'tls-alpn-01': 'certbot answers http-01 and dns-01 alone',
    ari: 'certbot 2.1 renews by what is left of the life',
    profile: 'certbot 2.1 knows no profiles',
    rollover: 'certbot has no command for it',
    ip: 'certbot 2.1 asks for DNS names alone',
  },
};
