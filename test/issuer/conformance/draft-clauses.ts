import type { Clause } from './clause.ts';

const everything = 'successors/authorizations.test.ts';
const inDns = 'validate/dns-account-01.test.ts';
const persist = 'validate/dns-persist-01.test.ts';

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
  [
    'acme-dns-persist §3.1',
    'issuerDomainNames in the challenge, and what drafts before -02 had',
    everything,
    'dns-account-01 and dns-persist-01 prove control over the wire; the latter shows no token',
  ],
  [
    'acme-dns-persist §3.2, §4.1',
    'meta.issuerDomainNames and meta.accountHashPrefix, where it is offered',
    everything,
    'advertises what works here and nothing more',
  ],
  ['acme-dns-persist §4.1', 'the hash of the draft’s example', persist, 'is that of the draft for its example with %s'],
  [
    'acme-dns-persist §4.1',
    'records that permit: for the domain or for any, until they end',
    persist,
    'dns-persist-01 succeeds with a record that',
  ],
  [
    'acme-dns-persist §4.1, §9.3.1',
    'records that do not: malformed or unauthorized',
    persist,
    'dns-persist-01 fails with a record that',
  ],
  [
    'acme-dns-persist §4.2',
    'the key of today, and those of before',
    'successors/dns-persist.test.ts',
    'takes a hashed account, by the key of today and by the one before a key change',
  ],
  [
    'acme-dns-persist §4.2',
    'a deactivated account has nothing',
    persist,
    'is right, for an account that has been deactivated, and for one that is gone',
  ],
  [
    'acme-dns-persist §4.3',
    'one record of many, for several CAs and accounts',
    persist,
    'stands between those of other CAs and of other accounts of this one',
  ],
  [
    'acme-dns-persist §5, §6',
    'policy=wildcard at a domain above, where the directory has subdomains',
    persist,
    'succeeds for %s with a record above it that says policy=wildcard',
  ],
  [
    'acme-dns-persist §6',
    'without it, for another account or another domain, not',
    persist,
    'fails with a record above it that %s',
  ],
  [
    'acme-dns-persist §4.1',
    'persistUntil ends authorization and order',
    everything,
    'dns-persist-01 takes a record of a domain above, and proves nothing after its persistUntil',
  ],
  [
    'acme-dns-persist §9.3.1',
    'failed validations are limited by name and account',
    'acme/directory.test.ts',
    'limits failed validations where it offers dns-persist-01, whatever the configuration says of limits',
  ],
];
