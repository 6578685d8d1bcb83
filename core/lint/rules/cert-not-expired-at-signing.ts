import { at, everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certNotExpiredAtSigning: CertificateRule = {
  id: 'cert-not-expired-at-signing',
  clause: 'BR 7.1.2.10.1 (notAfter no earlier than the time of signing)',
  demand: 'The certificate is not yet expired when it is signed.',
  appliesTo: everyType,
  check: ({ tbs, signingTime }) =>
    signingTime !== undefined && tbs.notAfter < signingTime
      ? `notAfter ${at(tbs.notAfter)}, signed ${at(signingTime)}`
      : undefined,
};
