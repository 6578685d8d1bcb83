// Made-up attestations in the form their vendors publish: a vendor's CA, its intermediate, a device, and the certificate
// that the device signs over a key. Only the form is theirs; no device of any vendor was at hand.
import { throwawayKey, type ThrowawayKey } from '../../core/node/throwaway-key.ts';
import { systemEntropy } from '../../core/node/entropy.ts';
import * as der from '../../core/der/writer.ts';
import { fromHex } from '../../core/ports/hex.ts';
import { keyAlgorithms } from '../../core/x509/algorithms.ts';
import {
  assembleSigned,
  encodeTbsCertificate,
  readCertificate,
  type Certificate,
} from '../../core/x509/certificate.ts';
import { basicConstraints } from '../../core/x509/extensions/basic-constraints.ts';
import type { Extension } from '../../core/x509/extensions/extension.ts';
import { encodeName } from '../../core/x509/name.ts';
import { newSerial } from '../../core/x509/serial.ts';

const arc = '1.3.6.1.4.1.41482';

/** Somebody who certifies: a name, a key, and the certificate it has itself. */
export interface Vouching {
  readonly name: string;
  readonly key: ThrowawayKey;
  readonly certificate: Certificate;
}

interface Making {
  readonly subject: string;
  readonly spki: Uint8Array;
  readonly by: { readonly name: string; readonly key: ThrowawayKey };
  readonly extensions: readonly Extension[];
  readonly valid?: readonly [from: number, to: number];
}

export const attestedFrom = Date.UTC(2017, 0, 1) / 1000;
export const attestedUntil = Date.UTC(2071, 9, 5) / 1000;

export async function certify({ subject, spki, by, extensions, valid }: Making): Promise<Certificate> {
  const [notBefore, notAfter] = valid ?? [attestedFrom, attestedUntil];
  const [signatureAlgorithm] = keyAlgorithms[by.key.algorithm].signatures;
  const tbs = encodeTbsCertificate({
    serial: newSerial(systemEntropy),
    signatureAlgorithm,
    issuer: encodeName({ CN: by.name }),
    notBefore,
    notAfter,
    subject: encodeName({ CN: subject }),
    spki,
    extensions,
  });
  return readCertificate(assembleSigned(tbs, signatureAlgorithm, await by.key.sign(signatureAlgorithm, tbs)));
}

/** A CA: self-signed where nobody certifies it. */
export async function vouching(
  name: string,
  by?: Vouching,
  extensions: readonly Extension[] = [basicConstraints({ ca: true })],
): Promise<Vouching> {
  const key = await throwawayKey('ec-p256');
  const issuer = by ?? { name, key };
  const certificate = await certify({ subject: name, spki: key.spki, by: issuer, extensions });
  return { name, key, certificate };
}

function stating(oid: string, value: der.Der | string): Extension {
  return {
    oid: `${arc}.${oid}`,
    critical: false,
    value: typeof value === 'string' ? fromHex(value) : der.encode(value),
  };
}

/** What a YubiHSM states of a key. */
export function hsmStatements({
  serial = 20250001,
  origin = '01',
  capabilities = '0000000000000080',
} = {}): Extension[] {
  return [
    stating('4.1', der.octetString(Uint8Array.of(2, 4, 1))),
    stating('4.2', der.integer(serial)),
    stating('4.3', der.bitString(fromHex(origin))),
    stating('4.4', der.bitString(fromHex('0001'))),
    stating('4.5', der.bitString(fromHex(capabilities))),
    stating('4.6', der.integer(3)),
    stating('4.9', der.utf8String('root-r1')),
  ];
}

/** What a YubiKey states of a PIV key. */
export function pivStatements({ serial = 12345678, policy = '0203' } = {}): Extension[] {
  return [stating('3.3', '050403'), stating('3.7', der.integer(serial)), stating('3.8', policy)];
}

/** A vendor's CA, its intermediate, and one of its devices. */
export async function makeVendor(): Promise<{ ca: Vouching; between: Vouching; device: Vouching }> {
  const ca = await vouching('Made-up Vendor Root CA');
  const between = await vouching('Made-up Vendor Sub-CA', ca);
  const device = await vouching('Made-up HSM Attestation (20250001)', between);
  return { ca, between, device };
}
