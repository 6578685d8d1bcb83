import type { ClientRecord } from '../support/features.ts';

export const certbot: ClientRecord = {
  name: 'certbot',
  program: 'certbot',
  from: { debian: 'certbot' },
  version: '2.1.0',
  cannot: {
    rollover: 'certbot has no command for it',
    ip: 'certbot 2.1 asks for DNS names alone',
  },
};
