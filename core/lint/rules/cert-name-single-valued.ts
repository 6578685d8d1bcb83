import { bothNames, everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certNameSingleValued: CertificateRule = {
  id: 'cert-name-single-valued',
  clause: 'BR 7.1.4.1',
  demand: 'Every relative distinguished name holds exactly one attribute.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed(
      bothNames(tbs).flatMap(({ whose, rdns }) =>
        rdns.filter((rdn) => rdn.length !== 1).map((rdn) => `${whose} with ${rdn.length} attributes in one`),
      ),
    ),
};
