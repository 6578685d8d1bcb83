import { dnsNamesOf } from '../dns-name.ts';
import { listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafDnsNotAddress: CertificateRule = {
  id: 'leaf-dns-not-address',
  clause: 'BR 7.1.2.7.12; RFC 1123 §2.1; RFC 9525 §6.3',
  demand: 'The last label of a DNS name is not a number: an IP address stands in an iPAddress.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => listed(dnsNamesOf(tbs).filter((name) => /(?:^|\.)[0-9]+$/u.test(name))),
};
