import type { ClientRecord } from '../support/features.ts';

export const acmeTiny: ClientRecord = {
  name: 'acme-tiny',
  program: 'acme-tiny',
  from: { debian: 'acme-tiny' },
  version: '5.0.1',
  cannot: {
    chain: 'acme-tiny has no option for it',
    eab: 'acme-tiny has no option for it',
    'tls-alpn-01': 'acme-tiny answers http-01 alone',
    ari: 'acme-tiny leaves the time to whoever calls it',
    profile: 'acme-tiny has no option for it',
    rollover: 'acme-tiny only registers and issues',
    deactivate: 'acme-tiny only registers and issues',
    'dns-01': 'acme-tiny answers http-01 alone',
    wildcard: 'acme-tiny answers http-01 alone',
    ip: 'acme-tiny reads DNS names alone out of the CSR',
    revoke: 'acme-tiny only registers and issues',
    'revoke-by-key': 'acme-tiny only registers and issues',
  },
};
