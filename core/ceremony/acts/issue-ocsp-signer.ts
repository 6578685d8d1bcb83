import { defineSignerAct } from '../signer-act.ts';

/**
 * The certificate of a key that answers, for one CA, whether a certificate of it is revoked (RFC 6960 §4.2.2.2). Clients
 * accept an answer only from whom that CA itself certified.
 */
export const issueOcspSigner = defineSignerAct({
  name: 'issue-ocsp-signer',
  type: 'ocsp-signer',
  headline: ({ issuer, subjectKey }) => `Sign the certificate of the OCSP signer "${subjectKey}" for "${issuer}"`,
  why: 'It answers for this CA in place of the CA’s own key. Clients do not ask whether it is revoked: its life is short.',
  shown: 'This is the OCSP signer’s certificate that will be signed.',
});
