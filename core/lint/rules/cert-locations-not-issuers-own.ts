import { listed, locatedTypes } from '../helpers.ts';
import { accessOf, crlUrlsOf } from '../locations.ts';
import type { CertificateRule } from '../rule.ts';

// What the issuer's certificate says is where *its* issuer's CRL and certificate are. A child that repeats it points a
// level too high: its revocation would be looked up in a CRL that can never list it (Mozilla bug 1991215).
export const certLocationsNotIssuersOwn: CertificateRule = {
  id: 'cert-locations-not-issuers-own',
  clause: 'RFC 5280 §4.2.1.13 and §4.2.2.1; BR 7.1.2.11.2',
  demand: 'The CRL and issuer URLs are about the issuer, not copied from the issuer’s own certificate.',
  appliesTo: locatedTypes,
  check: ({ tbs, issuer }) => {
    if (issuer === undefined) return undefined;
    const above = [...crlUrlsOf(issuer.tbs), ...accessOf(issuer.tbs).caIssuers];
    return listed([...crlUrlsOf(tbs), ...accessOf(tbs).caIssuers].filter((url) => above.includes(url)));
  },
};
