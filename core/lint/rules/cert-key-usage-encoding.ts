import { equalBytes } from '../../ports/bytes.ts';
import { toHex } from '../../ports/hex.ts';
import { extensionOf } from '../../x509/certificate.ts';
import { keyUsage } from '../../x509/extensions/key-usage.ts';
import { oids } from '../../x509/oids.ts';
import { everyType, keyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certKeyUsageEncoding: CertificateRule = {
  id: 'cert-key-usage-encoding',
  clause: 'RFC 5280 §4.2.1.3; X.690 §11.2.2',
  demand: 'Key usage has at least one bit set, none that RFC 5280 does not name, and no zero bits at its end.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const value = extensionOf(tbs, oids.keyUsage)?.value;
    const usages = keyUsageOf(tbs);
    if (value === undefined || usages === undefined) return undefined;
    const canonical = usages.length > 0 && equalBytes(keyUsage(usages).value, value);
    return canonical ? undefined : toHex(value.subarray(0, 32));
  },
};
