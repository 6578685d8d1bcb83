import * as der from '../../der/writer.ts';
import { oids } from '../oids.ts';
import { enterValue, extension, type Extension } from './extension.ts';

/** Key purposes plans and issuer profiles may name (RFC 5280 §4.2.1.12). */
export const keyPurposes = {
  serverAuth: oids.serverAuth,
  clientAuth: oids.clientAuth,
  codeSigning: oids.codeSigning,
  emailProtection: oids.emailProtection,
  timeStamping: oids.timeStamping,
  ocspSigning: oids.ocspSigning,
  bundleSigning: oids.bundleSigning,
} as const;
export type KeyPurpose = keyof typeof keyPurposes;

export function extKeyUsage(purposes: readonly KeyPurpose[], critical = false): Extension {
  const parts = purposes.map((purpose) => der.oid(keyPurposes[purpose]));
  return extension(oids.extKeyUsage, critical, der.sequence(...parts));
}

/** The purposes as dotted OIDs: a certificate from elsewhere may hold any. */
export function readExtKeyUsage(value: Uint8Array): readonly string[] {
  return enterValue(value).list(32, (reader) => reader.oid());
}
