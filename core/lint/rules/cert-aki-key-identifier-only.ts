import { readAuthorityKeyIdentifier } from '../../x509/extensions/key-identifiers.ts';
import { oids } from '../../x509/oids.ts';
import { everyType, readIfPresent } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certAkiKeyIdentifierOnly: CertificateRule = {
  id: 'cert-aki-key-identifier-only',
  clause: 'RFC 5280 §4.2.1.1; BR 7.1.2.11.1',
  demand: 'The authority key identifier is there and holds the keyIdentifier and nothing else.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const identifier = readIfPresent(tbs, oids.authorityKeyIdentifier, readAuthorityKeyIdentifier);
    if (identifier?.keyIdentifier === undefined) return 'no keyIdentifier';
    return identifier.others ? 'an issuer name or serial number beside it' : undefined;
  },
};
