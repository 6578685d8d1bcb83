import { equalBytes } from '../../ports/bytes.ts';
import { toHex } from '../../ports/hex.ts';
import { keyIdentifier } from '../../x509/spki.ts';
import { publicKeyOf, subjectKeyIdentifierOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certSkiMethod: CertificateRule = {
  id: 'cert-ski-method',
  clause: 'RFC 5280 §4.2.1.2; RFC 7093 §2 method 1; BR 7.1.2.11.4',
  demand: 'The subject key identifier is the leftmost 160 bits of the SHA-256 of the key.',
  appliesTo: ['root', 'intermediate', 'bundle-signer', 'ocsp-signer'],
  check: ({ tbs, digest }) => {
    const found = subjectKeyIdentifierOf(tbs);
    if (found === undefined || publicKeyOf(tbs.spki) === undefined) return undefined;
    return equalBytes(found, keyIdentifier(tbs.spki, digest)) ? undefined : toHex(found.subarray(0, 32));
  },
};
