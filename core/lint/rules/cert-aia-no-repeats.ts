import { listed, locatedTypes, repeated } from '../helpers.ts';
import { accessOf } from '../locations.ts';
import type { CertificateRule } from '../rule.ts';

export const certAiaNoRepeats: CertificateRule = {
  id: 'cert-aia-no-repeats',
  clause: 'BR 7.1.2.10.3 and 7.1.2.7.7 (each accessLocation unique)',
  demand: 'No location of the issuer’s certificate or OCSP responder is named twice.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => {
    const { caIssuers, ocsp } = accessOf(tbs);
    return listed([...repeated(caIssuers), ...repeated(ocsp)]);
  },
};
