import { misleadingAt } from '../../ports/hidden-text.ts';
import { oidName } from '../../x509/oids.ts';
import { bothNames, everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

// Two CAs whose names look the same are one to whoever reads them. Our own names cannot be so; those that come in can.
export const certNameVisible: CertificateRule = {
  id: 'cert-name-visible',
  clause: 'BR 7.1.4.2 (values that are not misleading); RFC 5280 §7.1 (insignificant spaces)',
  demand: 'Names hold no character that nobody can see or that moves what is around it, and no spaces at an end.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed(
      bothNames(tbs).flatMap(({ whose, rdns }) =>
        rdns
          .flat()
          .filter(({ value }) => misleadingAt(value) !== -1 || value !== value.trim())
          .map(({ oid }) => `${whose} ${oidName(oid)}`),
      ),
    ),
};
