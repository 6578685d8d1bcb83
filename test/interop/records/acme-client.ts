import type { ClientRecord } from '../support/features.ts';

export const acmeClient: ClientRecord = {
  name: 'acme-client',
  from: { npm: 'acme-client' },
  version: '5.4.0',
  cannot: {
    ari: 'acme-client leaves the time to whoever calls it',
    'revoke-by-key': 'acme-client signs revocations with the account’s key alone',
  },
};
