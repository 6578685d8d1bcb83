import { equalBytes } from '../../ports/bytes.ts';
import { extensionOf } from '../../x509/certificate.ts';
import { oidName } from '../../x509/oids.ts';
import { caTypes, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const renewalExtensionsCarried: CertificateRule = {
  id: 'renewal-extensions-carried',
  clause: 'RFC 3647 §4.4.6 (no other information in the certificate changes); Coldroot (a renewal loses no limit)',
  demand: 'A renewed certificate has every extension of the one it renews, byte for byte, and no other.',
  appliesTo: caTypes,
  check: ({ tbs, existing, renewal }) => {
    if (existing === undefined || renewal === undefined) return undefined;
    const differing = (extension: (typeof tbs.extensions)[number]): boolean => {
      const own = extensionOf(tbs, extension.oid);
      return own?.critical !== extension.critical || !equalBytes(own.value, extension.value);
    };
    const lost = existing.tbs.extensions.filter(differing);
    const added = tbs.extensions.filter(({ oid }) => extensionOf(existing.tbs, oid) === undefined);
    return listed([
      ...lost.map(({ oid }) => `another ${oidName(oid)} or none`),
      ...added.map(({ oid }) => `${oidName(oid)}, which was not there`),
    ]);
  },
};
