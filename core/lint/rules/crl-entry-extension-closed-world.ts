import { formatSerial } from '../../x509/serial.ts';
import { oidName, oids } from '../../x509/oids.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlEntryExtensionClosedWorld: CrlRule = {
  id: 'crl-entry-extension-closed-world',
  clause: 'BR 7.2.2 (any other entry extension: NOT RECOMMENDED); Coldroot profile table',
  demand: 'An entry has no extension but its reason.',
  check: ({ tbs }) =>
    listed(
      tbs.entries.flatMap(({ serial, extensions }) =>
        extensions
          .filter(({ oid }) => oid !== oids.reasonCode)
          .map(({ oid }) => `${oidName(oid)} of ${formatSerial(serial)}`),
      ),
    ),
};
