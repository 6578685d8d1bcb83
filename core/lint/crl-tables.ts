import type { CrlEntry } from '../x509/crl.ts';
import { readReasonCode } from '../x509/extensions/crl-extensions.ts';
import { oids } from '../x509/oids.ts';
import { readIfPresent } from './helpers.ts';

/** The closed world of CRL extensions (BR 7.2.2). Which of them must be there has rules of its own. */
export const crlExtensionTable: Readonly<Record<string, { readonly critical: boolean }>> = {
  [oids.authorityKeyIdentifier]: { critical: false },
  [oids.cRLNumber]: { critical: false },
  [oids.issuingDistributionPoint]: { critical: true },
};

/** The reason code of an entry; undefined where there is none or it cannot be read. */
export function reasonCodeOf(entry: CrlEntry): number | undefined {
  return readIfPresent(entry, oids.reasonCode, readReasonCode);
}
