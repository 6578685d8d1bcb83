import type { ClientRecord } from '../support/features.ts';

const server = 'mod_md keeps certificates for the sites of its Apache and has no command for anything else';

export const modMd: ClientRecord = {
  name: 'Apache mod_md',
  program: '/usr/sbin/apache2',
  from: { debian: 'apache2-bin' },
  version: '2.4.71',
  cannot: {
    chain: 'mod_md takes the first chain',
    contact: 'mod_md keeps the contact that its account was registered with',
    rollover: server,
    deactivate: server,
    ip: 'mod_md takes DNS names alone',
    revoke: server,
    'revoke-by-key': server,
  },
};
