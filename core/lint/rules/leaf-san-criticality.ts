import { extensionOf } from '../../x509/certificate.ts';
import { oids } from '../../x509/oids.ts';
import { isEmptyName } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafSanCriticality: CertificateRule = {
  id: 'leaf-san-criticality',
  clause: 'RFC 5280 §4.1.2.6 and §4.2.1.6; BR 7.1.2.7.12',
  demand: 'The subject alternative names are critical exactly when the subject is empty.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => {
    const critical = extensionOf(tbs, oids.subjectAltName)?.critical;
    const empty = isEmptyName(tbs.subject);
    if (critical === undefined || critical === empty) return undefined;
    return `${critical ? 'critical' : 'not critical'} with ${empty ? 'an empty subject' : 'a subject'}`;
  },
};
