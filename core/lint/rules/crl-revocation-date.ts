import { formatSerial } from '../../x509/serial.ts';
import { at, listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

// The slip that human eyes found in 2026: a revocation dated a year too late, in a CRL of today.
export const crlRevocationDate: CrlRule = {
  id: 'crl-revocation-date',
  clause: 'RFC 5280 §5.1.2.6 and §5.3.2',
  demand: 'No certificate was revoked after the CRL was issued.',
  check: ({ tbs }) =>
    listed(
      tbs.entries
        .filter(({ revokedAt }) => revokedAt > tbs.thisUpdate)
        .map(({ serial, revokedAt }) => `${formatSerial(serial)} on ${at(revokedAt)}`),
    ),
};
