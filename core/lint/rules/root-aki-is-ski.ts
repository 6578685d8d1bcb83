import { equalBytes } from '../../ports/bytes.ts';
import { toHex } from '../../ports/hex.ts';
import { authorityKeyIdentifierOf, subjectKeyIdentifierOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const rootAkiIsSki: CertificateRule = {
  id: 'root-aki-is-ski',
  clause: 'BR 7.1.2.1.3',
  demand: 'A root’s authority key identifier is its subject key identifier.',
  appliesTo: ['root'],
  check: ({ tbs }) => {
    const [authority, subject] = [authorityKeyIdentifierOf(tbs), subjectKeyIdentifierOf(tbs)];
    if (authority === undefined || subject === undefined || equalBytes(authority, subject)) return undefined;
    return toHex(authority.subarray(0, 32));
  },
};
