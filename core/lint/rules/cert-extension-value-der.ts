import { oidName } from '../../x509/oids.ts';
import { everyType, listed } from '../helpers.ts';
import { unreadable } from '../extension-readers.ts';
import type { CertificateRule } from '../rule.ts';

export const certExtensionValueDer: CertificateRule = {
  id: 'cert-extension-value-der',
  clause: 'RFC 5280 §4.2; X.690 §10 and §11',
  demand: 'The value of every extension is strict DER of its type, with nothing behind it.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    listed(
      tbs.extensions.flatMap((extension) => {
        const why = unreadable(extension);
        return why === undefined ? [] : [`${oidName(extension.oid)}: ${why}`];
      }),
    ),
};
