import { listed, locatedTypes } from '../helpers.ts';
import { crlUrlsOf, isHttp } from '../locations.ts';
import type { CertificateRule } from '../rule.ts';

export const certCrlUrlHttp: CertificateRule = {
  id: 'cert-crl-url-http',
  clause: 'BR 7.1.2.11.2',
  demand: 'CRLs are at URLs with the scheme http.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => listed(crlUrlsOf(tbs).filter((url) => !isHttp(url))),
};
