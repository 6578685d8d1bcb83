import { at, day } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certNotBeforeWindow: CertificateRule = {
  id: 'cert-not-before-window',
  clause: 'BR 7.1.2.1.1; BR 7.1.2.10.1',
  demand: 'notBefore is no later than the time of signing and at most a day before it.',
  appliesTo: ['root', 'intermediate', 'bundle-signer', 'ocsp-signer'],
  check: ({ tbs: { notBefore }, signingTime }) => {
    if (signingTime === undefined || (notBefore <= signingTime && notBefore >= signingTime - day)) return undefined;
    return `notBefore ${at(notBefore)}, signed ${at(signingTime)}`;
  },
};
