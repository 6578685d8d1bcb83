// OCSP requests written by our own hand, where OpenSSL would be too slow or too well-behaved.
import * as der from '../../core/der/writer.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import { oids } from '../../core/x509/oids.ts';
import { readSpki } from '../../core/x509/spki.ts';

/** A request about one serial number (octets) of a CA. */
export function ocspRequest(
  { tbs }: Certificate,
  serial: Uint8Array,
  { hash = 'sha256', nonce }: { readonly hash?: 'sha1' | 'sha256'; readonly nonce?: Uint8Array | undefined } = {},
): Uint8Array {
  const certId = der.sequence(
    der.sequence(der.oid(oids[hash]), der.nullValue()),
    der.octetString(nodeDigest(hash, tbs.subject)),
    der.octetString(nodeDigest(hash, readSpki(tbs.spki).publicKey)),
    der.unsignedInteger(serial),
  );
  const list = der.sequence(der.sequence(certId));
  if (nonce === undefined) return der.encode(der.sequence(der.sequence(list)));
  const value = der.encode(der.octetString(nonce));
  const extension = der.sequence(der.oid(oids.ocspNonce), der.octetString(value));
  return der.encode(der.sequence(der.sequence(list, der.explicit(2, der.sequence(extension)))));
}
