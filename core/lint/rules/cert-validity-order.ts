import { at, everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certValidityOrder: CertificateRule = {
  id: 'cert-validity-order',
  clause: 'RFC 5280 §4.1.2.5',
  demand: 'notAfter is not before notBefore.',
  appliesTo: everyType,
  check: ({ tbs: { notBefore, notAfter } }) =>
    notAfter < notBefore ? `from ${at(notBefore)} to ${at(notAfter)}` : undefined,
};
