import { formatSerial } from '../../x509/serial.ts';
import { oidName } from '../../x509/oids.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlEntryExtensionCriticality: CrlRule = {
  id: 'crl-entry-extension-criticality',
  clause: 'RFC 5280 §5.3.1; BR 7.2.2 (reasonCode: not critical)',
  demand: 'No extension of an entry is critical.',
  check: ({ tbs }) =>
    listed(
      tbs.entries.flatMap(({ serial, extensions }) =>
        extensions.filter(({ critical }) => critical).map(({ oid }) => `${oidName(oid)} of ${formatSerial(serial)}`),
      ),
    ),
};
