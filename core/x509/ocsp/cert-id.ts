import { DerReader } from '../../der/reader.ts';
import { tags } from '../../der/tags.ts';
import { oids } from '../oids.ts';
import { ocspError } from './ocsp-error.ts';

/** The certificate a client asks about: its issuer by two hashes, and its serial (RFC 6960 §4.1.1). */
export interface CertId {
  /** DER of the CertID as it was sent: the answer repeats it byte for byte, so that clients find theirs. */
  readonly raw: Uint8Array;
  /** What both hashes were made with. SHA-1 is what clients send (RFC 5019 §2.1.1); it protects nothing here. */
  readonly hash: 'sha1' | 'sha256';
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** INTEGER content octets. */
  readonly serial: Uint8Array;
}

const hashLengths = { sha1: 20, sha256: 32 } as const;

/** The hash function's name; its parameters may be NULL or absent, and clients send both (RFC 5754 §2). */
function readHash(identifier: DerReader): CertId['hash'] {
  const oid = identifier.oid();
  if (!identifier.atEnd) identifier.null();
  identifier.end();
  if (oid === oids.sha1) return 'sha1';
  if (oid === oids.sha256) return 'sha256';
  throw ocspError(
    'ocsp-request-hash',
    `The request names an issuer with the hash function ${oid}.`,
    'Ask with a CertID made with SHA-1 or SHA-256.',
  );
}

/** Reads the CertID that comes next. Its parts are views of the input. */
export function readCertId(reader: DerReader): CertId {
  const { raw } = reader.element(tags.sequence);
  const inner = DerReader.over(raw).enter();
  const hash = readHash(inner.enter());
  const issuerNameHash = inner.octetString();
  const issuerKeyHash = inner.octetString();
  const serial = inner.integer();
  inner.end();
  const length = hashLengths[hash];
  if (issuerNameHash.length !== length || issuerKeyHash.length !== length) {
    throw ocspError(
      'ocsp-request-hash-length',
      `The request holds a hash that is not ${length} octets long, as ${hash} is.`,
      'Make the CertID again from the issuer’s certificate.',
    );
  }
  return { raw, hash, issuerNameHash, issuerKeyHash, serial };
}
