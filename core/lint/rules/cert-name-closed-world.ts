import { attributeTypes } from '../../x509/name.ts';
import { oidName } from '../../x509/oids.ts';
import { everyType, listed, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const known = new Set(attributeTypes.map(({ oid }) => oid));

export const certNameClosedWorld: CertificateRule = {
  id: 'cert-name-closed-world',
  clause: 'BR 7.1.2.10.2 and 7.1.2.7.2; Coldroot profile table',
  demand: 'The subject holds only attribute types that a profile can name.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed((namesOf(tbs.subject) ?? []).flat().flatMap(({ oid }) => (known.has(oid) ? [] : [oidName(oid)]))),
};
