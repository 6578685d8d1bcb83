import { oidName } from '../../x509/oids.ts';
import { unreadable } from '../extension-readers.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlExtensionValueDer: CrlRule = {
  id: 'crl-extension-value-der',
  clause: 'RFC 5280 §5.2 and §5.3; X.690 §10 and §11',
  demand: 'The value of every extension, of the CRL and of its entries, is strict DER of its type.',
  check: ({ tbs }) =>
    listed(
      [tbs, ...tbs.entries]
        .flatMap(({ extensions }) => extensions)
        .flatMap((extension) => {
          const why = unreadable(extension);
          return why === undefined ? [] : [`${oidName(extension.oid)}: ${why}`];
        }),
    ),
};
