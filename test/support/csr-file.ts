import { throwawayKey, type ThrowawayKey } from '../../core/node/throwaway-key.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import { chooseSignature } from '../../core/x509/algorithms.ts';
import { assembleSigned } from '../../core/x509/certificate.ts';
import { encodeCsrInfo } from '../../core/x509/csr.ts';
import { encodeName } from '../../core/x509/name.ts';
import { toPem } from '../../core/x509/pem.ts';

/** A certification request for a key, in DER. */
export async function csrFor(key: Pick<ThrowawayKey, 'algorithm' | 'spki' | 'sign'>): Promise<Uint8Array> {
  const subject = encodeName({ CN: 'whatever the issuer likes' });
  const info = encodeCsrInfo({ subject, spki: key.spki, extensions: [] });
  const how = chooseSignature(key.algorithm);
  return assembleSigned(info, how, await key.sign(how, info));
}

/** The same for a new key. */
export async function newCsr(algorithm: Parameters<typeof throwawayKey>[0] = 'ec-p256'): Promise<Uint8Array> {
  return csrFor(await throwawayKey(algorithm));
}

/** A request as a file. */
export function csrPem(der: Uint8Array): Uint8Array {
  return utf8(toPem('CERTIFICATE REQUEST', der));
}
