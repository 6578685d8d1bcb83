import { readAuthorityKeyIdentifier } from '../../x509/extensions/key-identifiers.ts';
import { oids } from '../../x509/oids.ts';
import { readIfPresent } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlAkiKeyIdentifierOnly: CrlRule = {
  id: 'crl-aki-key-identifier-only',
  clause: 'RFC 5280 §5.2.1; BR 7.2.2 (authorityKeyIdentifier: MUST)',
  demand: 'The authority key identifier is there and holds the keyIdentifier and nothing else.',
  check: ({ tbs }) => {
    const identifier = readIfPresent(tbs, oids.authorityKeyIdentifier, readAuthorityKeyIdentifier);
    if (identifier?.keyIdentifier === undefined) return 'no keyIdentifier';
    return identifier.others ? 'an issuer name or serial number beside it' : undefined;
  },
};
