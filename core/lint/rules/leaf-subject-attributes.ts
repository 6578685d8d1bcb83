import { oidName, oids } from '../../x509/oids.ts';
import { listed, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafSubjectAttributes: CertificateRule = {
  id: 'leaf-subject-attributes',
  clause: 'BR 7.1.2.7.2 (domain validated)',
  demand: 'A leaf’s subject is empty or holds a common name alone.',
  appliesTo: ['leaf'],
  check: ({ tbs }) =>
    listed((namesOf(tbs.subject) ?? []).flat().flatMap(({ oid }) => (oid === oids.commonName ? [] : [oidName(oid)]))),
};
