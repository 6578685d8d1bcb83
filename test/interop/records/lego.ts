import type { ClientRecord } from '../support/features.ts';

export const lego: ClientRecord = {
  name: 'lego',
  program: 'lego',
  from: { debian: 'lego' },
  version: '4.9.1',
  cannot: {
    ari: 'lego 4.9 renews by what is left of the life',
    profile: 'lego 4.9 knows no profiles',
    ip: 'lego 4.9 orders every identifier as a DNS name',
    contact: 'lego has no command for it',
    rollover: 'lego has no command for it',
    deactivate: 'lego has no command for it',
    'revoke-by-key': 'lego revokes as the account alone',
  },
  notes: {
    eab: 'lego keeps one account for each host: give every directory a --path of its own',
  },
};
