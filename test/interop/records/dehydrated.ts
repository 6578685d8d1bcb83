import type { ClientRecord } from '../support/features.ts';

export const dehydrated: ClientRecord = {
  name: 'dehydrated',
  program: 'dehydrated',
  from: { debian: 'dehydrated' },
  version: '0.7.0',
  cannot: {
    ari: 'dehydrated 0.7.0 renews by what is left of the life',
    profile: 'dehydrated 0.7.0 knows no profiles',
    rollover: 'dehydrated has no command for it',
    ip: 'dehydrated 0.7.0 asks for DNS names alone',
    'revoke-by-key': 'dehydrated signs with the key of an account alone',
  },
};
