import { equalBytes } from '../../core/ports/bytes.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import { readCertificate, type Certificate } from '../../core/x509/certificate.ts';
import { readPem } from '../../core/x509/pem.ts';
import { policyFaults } from '../acme/identifiers/name-policy.ts';
import type { Directory } from '../acme/directory.ts';

/** Whether operators' certificates come from a CA of this bundle: what is no certificate that we would make is none of it. */
function isOurs(clientCa: string, ours: readonly Certificate[]): boolean {
  return readPem(clientCa).some(({ bytes }) => {
    try {
      const { spki } = readCertificate(bytes).tbs;
      return ours.some(({ tbs }) => equalBytes(tbs.spki, spki));
    } catch (error) {
      if (isCoded(error)) return false;
      throw error;
    }
  });
}

/**
 * Names of operators for which a client can have a certificate by ACME that lets it in as that operator: whoever controls such a
 * name in DNS administers the issuer.
 */
export function givenOutNames(
  { names, clientCa }: { readonly names: readonly string[]; readonly clientCa: string },
  ours: readonly Certificate[],
  directories: Iterable<Directory>,
): readonly string[] {
  if (!isOurs(clientCa, ours)) return [];
  const open = [...directories].filter(({ profile, profiles }) =>
    [profile, ...[...profiles.values()].map((rules) => rules.profile)].some(({ eku }) => eku.includes('clientAuth')),
  );
  return names.filter((value) =>
    open.some(
      ({ allow, issuer }) =>
        policyFaults([{ type: 'dns', value }], { allow, constraints: issuer.constraints }).length === 0,
    ),
  );
}
