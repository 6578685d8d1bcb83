import { dnsNamesOf, isLdhName, withoutWildcard } from '../dns-name.ts';
import { listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafDnsSyntax: CertificateRule = {
  id: 'leaf-dns-syntax',
  clause: 'RFC 5280 §4.2.1.6; RFC 1034 §3.5; BR 7.1.2.7.12 (no underscore)',
  demand: 'A DNS name is lower-case letters, digits and inner hyphens in labels, without a dot at either end.',
  appliesTo: ['leaf'],
  check: ({ tbs }) =>
    listed(
      dnsNamesOf(tbs)
        // What follows a misplaced * is the finding of leaf-dns-wildcard.
        .filter((name) => !isLdhName(withoutWildcard(name).replaceAll('*', 'x')))
        .map((name) => JSON.stringify(name)),
    ),
};
