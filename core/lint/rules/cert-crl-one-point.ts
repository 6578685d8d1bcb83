import { readCRLDistributionPoints } from '../../x509/extensions/locations.ts';
import { oids } from '../../x509/oids.ts';
import { locatedTypes, readIfPresent } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certCrlOnePoint: CertificateRule = {
  id: 'cert-crl-one-point',
  clause: 'RFC 5280 §4.2.1.13; BR 7.1.2.11.2',
  demand: 'There is one CRL distribution point, with a full name, and without reasons or a CRL issuer.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => {
    const found = readIfPresent(tbs, oids.cRLDistributionPoints, readCRLDistributionPoints);
    if (found === undefined) return undefined;
    if (found.points !== 1) return `${found.points} distribution points`;
    return found.special || found.urls.length === 0 ? 'a point with reasons, an issuer or no full name' : undefined;
  },
};
