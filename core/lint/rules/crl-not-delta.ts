import { extensionOf } from '../../x509/certificate.ts';
import { oidName, oids } from '../../x509/oids.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlNotDelta: CrlRule = {
  id: 'crl-not-delta',
  clause: 'RFC 5280 §5.2.4 and §5.2.6',
  demand: 'The CRL is complete: neither a delta nor the base of one.',
  check: ({ tbs }) =>
    listed(
      [oids.deltaCRLIndicator, oids.freshestCRL].filter((oid) => extensionOf(tbs, oid) !== undefined).map(oidName),
    ),
};
