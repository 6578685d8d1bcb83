import type { Clause } from './clause.ts';

const everything = 'successors/authorizations.test.ts';
const inDns = 'validate/dns-account-01.test.ts';

/** Internet-Drafts of the ACME working group. */
export const draftClauses: readonly Clause[] = [
  [
    'acme-profiles §3',
    'profiles are advertised, each with a URL',
    everything,
    'advertises what works here and nothing more',
  ],
  [
    'acme-profiles §4',
    'one may be chosen, and is repeated',
    everything,
    'an order may name one, repeats it, and its certificate is like it',
  ],
  ['acme-profiles §4', 'invalidProfile', everything, 'that the directory does not have is refused'],
  [
    'acme-profiles §4',
    'invalidProfile for an order whose profile is gone',
    everything,
    'that the directory has lost since the order was placed is refused when it is finalized',
  ],
  [
    'acme-dns-account-label §3',
    'the label of the account',
    inDns,
    'has the label that the draft gives for its example account',
  ],
  [
    'acme-dns-account-label §3',
    'the record there, and nowhere else; a failure says of which account the label is',
    inDns,
    'succeeds with the record at the label of this account, and at no other, and otherwise says whose label it is',
  ],
  ['acme-dns-persist', 'records that permit', inDns, 'succeeds with a record that %s'],
  ['acme-dns-persist', 'records that do not', inDns, 'fails with a record that %s'],
  [
    'acme-dns-persist',
    'policy=wildcard at a domain above, where the directory has subdomains',
    inDns,
    'succeeds for %s with a record above it that says policy=wildcard',
  ],
  ['acme-dns-persist', 'without it, or for another account, not', inDns, 'fails with a record above it that %s'],
  [
    'acme-dns-persist',
    'persistUntil ends authorization and order',
    everything,
    'dns-persist-01 takes a record of a domain above, and proves nothing after its persistUntil',
  ],
];
