import { oids } from '../x509/oids.ts';
import type { ProfileType } from './profile.ts';

/** Whether an extension must, may or must not be there, and whether it is critical when it is. */
export interface ExtensionRule {
  readonly presence: 'required' | 'optional';
  readonly critical: boolean | 'if-subject-empty';
}

/** The closed world: an extension that is not in its type's list is refused, whatever it says. */
export const extensionTable: Readonly<Record<ProfileType, Readonly<Record<string, ExtensionRule>>>> = {
  // BR 7.1.2.1.2. AKI is recommended there and equals the SKI; extKeyUsage must not appear.
  root: {
    [oids.basicConstraints]: { presence: 'required', critical: true },
    [oids.keyUsage]: { presence: 'required', critical: true },
    [oids.subjectKeyIdentifier]: { presence: 'required', critical: false },
    [oids.authorityKeyIdentifier]: { presence: 'required', critical: false },
  },
  // BR 7.1.2.6.1 and 7.1.2.5 (technically constrained: name constraints critical).
  intermediate: {
    [oids.authorityKeyIdentifier]: { presence: 'required', critical: false },
    [oids.basicConstraints]: { presence: 'required', critical: true },
    [oids.keyUsage]: { presence: 'required', critical: true },
    [oids.subjectKeyIdentifier]: { presence: 'required', critical: false },
    [oids.extKeyUsage]: { presence: 'required', critical: false },
    [oids.cRLDistributionPoints]: { presence: 'required', critical: false },
    [oids.authorityInfoAccess]: { presence: 'optional', critical: false },
    [oids.certificatePolicies]: { presence: 'optional', critical: false },
    [oids.nameConstraints]: { presence: 'optional', critical: true },
  },
  // Ours: extKeyUsage is critical, so that a program that does not know the purpose refuses the certificate.
  'bundle-signer': {
    [oids.authorityKeyIdentifier]: { presence: 'required', critical: false },
    [oids.keyUsage]: { presence: 'required', critical: true },
    [oids.subjectKeyIdentifier]: { presence: 'required', critical: false },
    [oids.extKeyUsage]: { presence: 'required', critical: true },
  },
  // BR 7.1.2.8.2 and RFC 6960 §4.2.2.2.1: nobody asks whether the one who answers was revoked, so its life is short.
  'ocsp-signer': {
    [oids.authorityKeyIdentifier]: { presence: 'required', critical: false },
    [oids.keyUsage]: { presence: 'required', critical: true },
    [oids.subjectKeyIdentifier]: { presence: 'required', critical: false },
    [oids.extKeyUsage]: { presence: 'required', critical: false },
    [oids.ocspNoCheck]: { presence: 'required', critical: false },
  },
  // BR 7.1.2.7.6, without what BR calls not recommended.
  leaf: {
    [oids.authorityKeyIdentifier]: { presence: 'required', critical: false },
    [oids.keyUsage]: { presence: 'required', critical: true },
    [oids.extKeyUsage]: { presence: 'required', critical: false },
    [oids.subjectAltName]: { presence: 'required', critical: 'if-subject-empty' },
    [oids.cRLDistributionPoints]: { presence: 'optional', critical: false },
    [oids.authorityInfoAccess]: { presence: 'optional', critical: false },
    [oids.certificatePolicies]: { presence: 'optional', critical: false },
  },
};
