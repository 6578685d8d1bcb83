import { attributeTypes } from '../../x509/name.ts';
import { bothNames, everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const bounds = new Map(attributeTypes.map(({ oid, key, maximum }) => [oid, { key, maximum }]));

export const certNameLengths: CertificateRule = {
  id: 'cert-name-lengths',
  clause: 'RFC 5280 Appendix A.1 (upper bounds)',
  demand: 'Every attribute of a name has at least one character and no more than its upper bound.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed(
      bothNames(tbs).flatMap(({ whose, rdns }) =>
        rdns.flat().flatMap(({ oid, value }) => {
          const { key, maximum } = bounds.get(oid) ?? { key: oid, maximum: 128 };
          const length = Array.from(value).length;
          return length > 0 && length <= maximum ? [] : [`${whose} ${key} of ${length} characters`];
        }),
      ),
    ),
};
