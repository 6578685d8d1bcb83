import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import { chooseSignature } from '../x509/algorithms.ts';
import type { CrlContents, Revocation } from '../x509/crl.ts';
import { cRLNumber } from '../x509/extensions/crl-extensions.ts';
import { authorityKeyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { fromHex } from '../ports/hex.ts';
import { readSpki } from '../x509/spki.ts';

/** What a full CRL needs (RFC 5280 §5). There is one profile for CRLs: number, AKI, reasons, nothing else. */
export interface CrlRequest {
  readonly issuer: { readonly subject: Uint8Array; readonly spki: Uint8Array; readonly keyIdentifier: Uint8Array };
  readonly signature?: SignatureAlgorithmName;
  readonly number: bigint;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revocations: readonly Revocation[];
}

/** TBSCertList contents of a full CRL: entries in order of revocation. */
export function crlContents(request: CrlRequest): CrlContents {
  const hex = request.number.toString(16);
  const number = fromHex(hex.length % 2 === 0 ? hex : `0${hex}`);
  return {
    signatureAlgorithm: chooseSignature(readSpki(request.issuer.spki).algorithm, request.signature),
    issuer: request.issuer.subject,
    thisUpdate: request.thisUpdate,
    nextUpdate: request.nextUpdate,
    revocations: request.revocations.toSorted((left, right) => left.revokedAt - right.revokedAt),
    extensions: [authorityKeyIdentifier(request.issuer.keyIdentifier), cRLNumber(number)],
  };
}
