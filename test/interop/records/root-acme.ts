import type { ClientRecord } from '../support/features.ts';

export const rootAcme: ClientRecord = {
  name: '@root/acme',
  from: { npm: '@root/acme' },
  version: '3.1.0',
  cannot: {
    chain: '@root/acme has no option for it',
    eab: '@root/acme signs the binding without its MAC key',
    ari: '@root/acme leaves the time to whoever calls it',
    profile: '@root/acme has no option for it',
    contact: '@root/acme only registers and issues',
    rollover: '@root/acme only registers and issues',
    deactivate: '@root/acme only registers and issues',
    ip: '@root/acme orders DNS names alone',
    revoke: '@root/acme only registers and issues',
    'revoke-by-key': '@root/acme only registers and issues',
  },
};
