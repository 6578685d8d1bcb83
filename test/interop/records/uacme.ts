import type { ClientRecord } from '../support/features.ts';

export const uacme: ClientRecord = {
  name: 'uacme',
  program: 'uacme',
  from: { debian: 'uacme' },
  version: '1.7.4',
  cannot: {
    ari: 'uacme 1.7 renews by what is left of the life',
    profile: 'uacme 1.7 knows no profiles',
  },
};
