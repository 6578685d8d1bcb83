import { formatIpAddress } from '../../x509/ip-address.ts';
import { oids } from '../../x509/oids.ts';
import { dnsNamesOf, ipAddressesOf } from '../dns-name.ts';
import { listed, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafCommonName: CertificateRule = {
  id: 'leaf-common-name',
  clause: 'BR 7.1.4.3',
  demand: 'A leaf’s common name is, letter for letter, one of its subject alternative names.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => {
    const names = [...dnsNamesOf(tbs), ...ipAddressesOf(tbs).map(formatIpAddress)];
    return listed(
      (namesOf(tbs.subject) ?? [])
        .flat()
        .flatMap(({ oid, value }) =>
          oid === oids.commonName && !names.includes(value) ? [JSON.stringify(value)] : [],
        ),
    );
  },
};
