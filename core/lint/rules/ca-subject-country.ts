import { oids } from '../../x509/oids.ts';
import { isCountryCode } from '../countries.ts';
import { caTypes, listed, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const caSubjectCountry: CertificateRule = {
  id: 'ca-subject-country',
  clause: 'BR 7.1.2.10.2 and 7.1.4.2 (ISO 3166-1)',
  demand: 'A CA’s country is a code that ISO 3166-1 assigns, or XX where it has none.',
  appliesTo: caTypes,
  check: ({ tbs }) =>
    listed(
      (namesOf(tbs.subject) ?? [])
        .flat()
        .filter(({ oid, value }) => oid === oids.countryName && !isCountryCode(value))
        .map(({ value }) => JSON.stringify(value)),
    ),
};
