import { equalBytes } from '../../ports/bytes.ts';
import { issuedTypes } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certKeyNotIssuers: CertificateRule = {
  id: 'cert-key-not-issuers',
  clause: 'RFC 5280 §4.2.1.2 (a key identifier for a key); Coldroot (one key, one subject)',
  demand: 'The key is not the issuer’s own.',
  appliesTo: issuedTypes,
  check: ({ tbs, issuer }) =>
    issuer !== undefined && equalBytes(tbs.spki, issuer.tbs.spki) ? 'the issuer’s own key' : undefined,
};
