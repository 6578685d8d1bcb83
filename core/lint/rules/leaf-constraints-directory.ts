import { isEmptyName, nameConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

// RFC 5280 leaves two ways: process the constraint or reject the certificate. No profile of ours makes such constraints,
// so an issuer that has them comes from elsewhere, and its leaves go without a subject.
export const leafConstraintsDirectory: CertificateRule = {
  id: 'leaf-constraints-directory',
  clause: 'RFC 5280 §4.2.1.10',
  demand: 'Under an issuer with constraints on directory names the subject is empty.',
  appliesTo: ['leaf'],
  check: ({ tbs, issuer }) => {
    const { permitted = [], excluded = [] } = (issuer && nameConstraintsOf(issuer.tbs)) ?? {};
    const constrained = [...permitted, ...excluded].some(({ kind }) => kind === 'directory');
    return constrained && !isEmptyName(tbs.subject) ? 'a subject' : undefined;
  },
};
