import { at, day } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafNotBeforeWindow: CertificateRule = {
  id: 'leaf-not-before-window',
  clause: 'BR 7.1.2.7 (notBefore within 48 hours of signing)',
  demand: 'A leaf’s notBefore is within 48 hours of the time of signing.',
  appliesTo: ['leaf'],
  check: ({ tbs: { notBefore }, signingTime }) => {
    if (signingTime === undefined || Math.abs(notBefore - signingTime) <= 2 * day) return undefined;
    return `notBefore ${at(notBefore)}, signed ${at(signingTime)}`;
  },
};
