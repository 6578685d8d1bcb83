import { equalBytes } from '../../ports/bytes.ts';
import { caTypes } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

// Right subject, right key identifier, wrong key: every other check is content with that.
export const crossKeyIdentical: CertificateRule = {
  id: 'cross-key-identical',
  clause: 'RFC 5280 §3.2 (cross-certificates); BR 7.1.2.2',
  demand: 'The public key of a cross-certificate or a renewal is that of the existing certificate.',
  appliesTo: caTypes,
  check: ({ tbs, existing }) =>
    existing === undefined || equalBytes(tbs.spki, existing.tbs.spki) ? undefined : 'another public key',
};
