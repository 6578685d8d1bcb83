import type { CrlRule } from '../rule.ts';

// Without this, forgetting to hand over the issuer would silence every rule that compares with it.
export const crlIssuerAtHand: CrlRule = {
  id: 'crl-issuer-at-hand',
  clause: 'RFC 5280 §6.3.3; Coldroot (nothing is signed that was not compared with its issuer)',
  demand: 'What is to be signed is linted together with its issuer’s certificate.',
  check: ({ issuer, signingTime }) =>
    issuer === undefined && signingTime !== undefined ? 'no issuer’s certificate' : undefined,
};
