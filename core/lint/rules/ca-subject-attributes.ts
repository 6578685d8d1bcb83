import { oidName, oids } from '../../x509/oids.ts';
import { caTypes, listed, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const required = [oids.countryName, oids.organizationName, oids.commonName];

export const caSubjectAttributes: CertificateRule = {
  id: 'ca-subject-attributes',
  clause: 'BR 7.1.2.10.2',
  demand: 'A CA’s subject has a country, an organization and a common name.',
  appliesTo: caTypes,
  check: ({ tbs }) => {
    const present = (namesOf(tbs.subject) ?? []).flat().map(({ oid }) => oid);
    return listed(required.filter((oid) => !present.includes(oid)).map((oid) => `no ${oidName(oid)}`));
  },
};
