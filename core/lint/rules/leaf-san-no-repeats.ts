import { formatGeneralName } from '../../x509/general-name.ts';
import { subjectAltNamesOf } from '../dns-name.ts';
import { listed, repeated } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafSanNoRepeats: CertificateRule = {
  id: 'leaf-san-no-repeats',
  clause: 'RFC 5280 §4.2.1.6; RFC 1035 §3.1 (names differ not by case); Coldroot profile table',
  demand: 'No name of a leaf stands there twice.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => {
    const names = subjectAltNamesOf(tbs).filter(({ kind }) => kind === 'dns' || kind === 'ip');
    return listed(repeated(names.map((name) => formatGeneralName(name).toLowerCase())));
  },
};
