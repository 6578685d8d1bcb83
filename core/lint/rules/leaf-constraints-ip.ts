import { formatIpAddress } from '../../x509/ip-address.ts';
import { ipExcludedBy, ipPermitted } from '../constraints.ts';
import { ipAddressesOf } from '../dns-name.ts';
import { listed, nameConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafConstraintsIp: CertificateRule = {
  id: 'leaf-constraints-ip',
  clause: 'RFC 5280 §4.2.1.10',
  demand: 'Every IP address is inside what the issuer’s name constraints permit and outside what they exclude.',
  appliesTo: ['leaf'],
  check: ({ tbs, issuer }) => {
    const { permitted = [], excluded = [] } = (issuer && nameConstraintsOf(issuer.tbs)) ?? {};
    const inside = permitted.flatMap((name) => (name.kind === 'ip' ? [name.value] : []));
    const outside = excluded.flatMap((name) => (name.kind === 'ip' ? [name.value] : []));
    return listed(
      ipAddressesOf(tbs).flatMap((address) => {
        const under = ipExcludedBy(address, outside);
        if (under !== undefined) return [`${formatIpAddress(address)} is excluded by ${formatIpAddress(under)}`];
        return ipPermitted(address, inside) ? [] : [`${formatIpAddress(address)} is not permitted`];
      }),
    );
  },
};
