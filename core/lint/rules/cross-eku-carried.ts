import { oidName } from '../../x509/oids.ts';
import { extKeyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

function names(purposes: readonly string[] | undefined): string {
  return purposes === undefined ? 'none' : purposes.map(oidName).toSorted().join(', ');
}

export const crossEkuCarried: CertificateRule = {
  id: 'cross-eku-carried',
  clause: 'BR 7.1.2.2.6; Mozilla bug 2038351',
  demand: 'A cross-certificate has the key purposes of the existing certificate, where that has any.',
  appliesTo: ['intermediate'],
  check: ({ tbs, existing }) => {
    const wanted = existing === undefined ? undefined : extKeyUsageOf(existing.tbs);
    const own = extKeyUsageOf(tbs);
    return wanted === undefined || names(own) === names(wanted)
      ? undefined
      : `${names(own)} instead of ${names(wanted)}`;
  },
};
