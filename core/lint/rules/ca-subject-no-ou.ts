import { oids } from '../../x509/oids.ts';
import { caTypes, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const caSubjectNoOu: CertificateRule = {
  id: 'ca-subject-no-ou',
  clause: 'BR 7.1.2.10.2 (organizationalUnitName: MUST NOT)',
  demand: 'A CA’s subject has no organizational unit.',
  appliesTo: caTypes,
  check: ({ tbs }) =>
    (namesOf(tbs.subject) ?? []).flat().some(({ oid }) => oid === oids.organizationalUnitName)
      ? 'an organizational unit'
      : undefined,
};
