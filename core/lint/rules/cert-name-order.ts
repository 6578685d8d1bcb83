import { attributeTypes } from '../../x509/name.ts';
import { bothNames, everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const order = attributeTypes.map(({ oid }) => oid);

export const certNameOrder: CertificateRule = {
  id: 'cert-name-order',
  clause: 'BR 7.1.4.2 (order of the table)',
  demand: 'Attributes stand in the standard order: DC, C, ST, L, O, OU, CN, serialNumber.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed(
      bothNames(tbs).flatMap(({ whose, rdns }) => {
        const places = rdns.flat().flatMap(({ oid }) => (order.includes(oid) ? [order.indexOf(oid)] : []));
        return places.every((place, index) => place >= (places[index - 1] ?? 0)) ? [] : [whose];
      }),
    ),
};
