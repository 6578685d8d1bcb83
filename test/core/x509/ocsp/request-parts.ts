import * as der from '../../../../core/der/writer.ts';
import { encodeExtension } from '../../../../core/x509/extensions/extension.ts';
import { oids } from '../../../../core/x509/oids.ts';

export const unknownOid = '1.3.6.1.5.5.7.48.1.99';
export const acceptableResponses = '1.3.6.1.5.5.7.48.1.4';

interface CertIdParts {
  readonly hash?: der.Der;
  readonly nameHash?: Uint8Array;
  readonly keyHash?: Uint8Array;
  readonly serial?: der.Der;
}

export const sha1 = der.sequence(der.oid(oids.sha1), der.nullValue());
export const twenty = new Uint8Array(20).fill(7);

export function certId({
  hash = sha1,
  nameHash = twenty,
  keyHash = twenty,
  serial = der.integer(5),
}: CertIdParts = {}): der.Der {
  return der.sequence(hash, der.octetString(nameHash), der.octetString(keyHash), serial);
}

export const question = der.sequence(certId());

export function extensionsOf(oid: string, critical: boolean, value: der.Der = der.nullValue()): der.Der {
  return der.sequence(encodeExtension({ oid, critical, value: der.encode(value) }));
}

export function nonce(length: number, critical = false): der.Der {
  return der.explicit(2, extensionsOf(oids.ocspNonce, critical, der.octetString(new Uint8Array(length).fill(9))));
}

export interface RequestParts {
  readonly before?: readonly der.Der[];
  readonly questions?: readonly der.Der[];
  readonly after?: readonly der.Der[];
  readonly outside?: readonly der.Der[];
}

export function request({
  before = [],
  questions = [question],
  after = [],
  outside = [],
}: RequestParts = {}): Uint8Array {
  return der.encode(der.sequence(der.sequence(...before, der.sequence(...questions), ...after), ...outside));
}

/** A Signature of no worth: it is read over. */
export const signature = der.explicit(0, der.sequence(sha1, der.bitString(new Uint8Array(8))));
export const many = (count: number): readonly der.Der[] => Array.from({ length: count }, () => question);
