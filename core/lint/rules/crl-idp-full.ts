import { readIssuingDistributionPoint } from '../../x509/extensions/crl-extensions.ts';
import { oids } from '../../x509/oids.ts';
import { readIfPresent } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlIdpFull: CrlRule = {
  id: 'crl-idp-full',
  clause: 'RFC 5280 §5.2.5; BR 7.2.2.1',
  demand: 'An issuing distribution point, where there is one, takes in everything that the CRL is for.',
  check: ({ tbs, scope }) => {
    const point = readIfPresent(tbs, oids.issuingDistributionPoint, readIssuingDistributionPoint);
    if (point === undefined) return undefined;
    if (point.partial) return 'only some reasons, an indirect CRL or attribute certificates';
    const wrong = scope === 'ca' ? point.users : point.cas;
    return wrong ? `only ${point.users ? 'user' : 'CA'} certificates` : undefined;
  },
};
