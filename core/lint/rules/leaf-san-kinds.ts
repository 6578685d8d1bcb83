import { subjectAltNamesOf } from '../dns-name.ts';
import { listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafSanKinds: CertificateRule = {
  id: 'leaf-san-kinds',
  clause: 'BR 7.1.2.7.12',
  demand: 'A leaf’s names are DNS names and IP addresses.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => {
    const kinds = subjectAltNamesOf(tbs).map(({ kind }) => kind);
    return listed(kinds.filter((kind) => kind !== 'dns' && kind !== 'ip'));
  },
};
