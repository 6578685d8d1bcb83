import { day, lasting } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

/** A year between two ceremonies, and a month in which the second may be late. */
const longest = 397 * day;

export const ocspSignerValidityPeriod: CertificateRule = {
  id: 'ocsp-signer-validity-period',
  clause: 'RFC 6960 §4.2.2.2.1 (a very short lifetime); Coldroot (nobody can be told that it was revoked)',
  demand: 'An OCSP signer is valid for at most 397 days.',
  appliesTo: ['ocsp-signer'],
  check: ({ tbs: { notBefore, notAfter } }) => {
    const life = notAfter - notBefore + 1;
    return life > longest ? lasting(life) : undefined;
  },
};
