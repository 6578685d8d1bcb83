import { oidName, oids } from '../../x509/oids.ts';
import { bothNames, everyType, listed, repeated } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certNameNoRepeats: CertificateRule = {
  id: 'cert-name-no-repeats',
  clause: 'BR 7.1.4.1',
  demand: 'No attribute type occurs twice in a name, domainComponent excepted.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed(
      bothNames(tbs).flatMap(({ whose, rdns }) =>
        repeated(rdns.flat().flatMap(({ oid }) => (oid === oids.domainComponent ? [] : [oid]))).map(
          (oid) => `${whose} ${oidName(oid)}`,
        ),
      ),
    ),
};
