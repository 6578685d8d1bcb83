import { dnsNamesOf, withoutWildcard } from '../dns-name.ts';
import { listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafDnsWildcard: CertificateRule = {
  id: 'leaf-dns-wildcard',
  clause: 'RFC 9525 §6.3; BR 7.1.2.7.12 and 1.6.1 (Wildcard Domain Name)',
  demand: 'A wildcard is the whole leftmost label, once, with a name below it.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => listed(dnsNamesOf(tbs).filter((name) => withoutWildcard(name).includes('*'))),
};
