import { extKeyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

// The rule that was waived by name, copied forward from year to year, until issuance stopped on 8 May 2026.
export const intermediateEkuPresent: CertificateRule = {
  id: 'intermediate-eku-present',
  clause: 'BR 7.1.2.10.6 and 7.1.2.6.1 (extKeyUsage: MUST); Mozilla MRSP 5.3; Mozilla bug 2038351',
  demand: 'An intermediate names at least one key purpose.',
  appliesTo: ['intermediate'],
  check: ({ tbs }) => ((extKeyUsageOf(tbs) ?? []).length > 0 ? undefined : 'no key purpose'),
};
