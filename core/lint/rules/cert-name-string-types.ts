import { tags } from '../../der/tags.ts';
import { oidName, oids } from '../../x509/oids.ts';
import { bothNames, everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const directoryStrings: readonly number[] = [tags.utf8String, tags.printableString];
const only: Readonly<Record<string, readonly number[]>> = {
  [oids.countryName]: [tags.printableString],
  [oids.serialNumber]: [tags.printableString],
  [oids.domainComponent]: [tags.ia5String],
  [oids.emailAddress]: [tags.ia5String],
};

export const certNameStringTypes: CertificateRule = {
  id: 'cert-name-string-types',
  clause: 'RFC 5280 §4.1.2.4; BR 7.1.4.2',
  demand: 'Names are PrintableString or UTF8String; countries PrintableString, domain components IA5String.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed(
      bothNames(tbs).flatMap(({ whose, rdns }) =>
        rdns
          .flat()
          .filter(({ oid, tag }) => !(only[oid] ?? directoryStrings).includes(tag))
          .map(({ oid, tag }) => `${whose} ${oidName(oid)} with tag ${tag}`),
      ),
    ),
};
