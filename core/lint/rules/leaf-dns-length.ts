import { dnsNamesOf, maximumDnsNameLength, maximumLabelLength } from '../dns-name.ts';
import { listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafDnsLength: CertificateRule = {
  id: 'leaf-dns-length',
  clause: 'RFC 1035 §2.3.4; RFC 5280 §4.2.1.6',
  demand: 'A DNS name has at most 253 characters, each label at most 63.',
  appliesTo: ['leaf'],
  check: ({ tbs }) =>
    listed(
      dnsNamesOf(tbs)
        .filter((name) => {
          const labels = name.split('.');
          return name.length > maximumDnsNameLength || labels.some(({ length }) => length > maximumLabelLength);
        })
        .map((name) => `${name.slice(0, 80)}… (${name.length} characters)`),
    ),
};
