import { listed, locatedTypes } from '../helpers.ts';
import { accessOf, isHttp } from '../locations.ts';
import type { CertificateRule } from '../rule.ts';

export const certAiaHttp: CertificateRule = {
  id: 'cert-aia-http',
  clause: 'BR 7.1.2.10.3 and 7.1.2.7.7',
  demand: 'The issuer’s certificate and its OCSP responder are at URLs with the scheme http.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => {
    const { caIssuers, ocsp } = accessOf(tbs);
    return listed([...caIssuers, ...ocsp].filter((url) => !isHttp(url)));
  },
};
