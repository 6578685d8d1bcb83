import { CodedError } from '../ports/coded-error.ts';
import { equalBytes } from '../ports/bytes.ts';
import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import type { Verifier } from '../ports/verifier.ts';
import { assembleSigned, readSigned } from '../x509/certificate.ts';
import { maximumCrlBytes } from '../x509/crl.ts';
import { spendLinted, type Linted } from './linted.ts';

/** Signs a message with one key. A token's key, a throwaway key of a preflight, the issuer's key pool. */
export type Signer = (algorithm: SignatureAlgorithmName, message: Uint8Array) => Promise<Uint8Array>;

function mismatch(): CodedError {
  return new CodedError({
    code: 'sign-verification-failed',
    message: 'The signature does not verify with the public key in the issuer’s certificate.',
    remedy: 'Stop: another key signed, or the token is faulty. Compare the token’s inventory with the plan.',
  });
}

function changed(): CodedError {
  return new CodedError({
    code: 'sign-bytes-changed',
    message: 'What was signed is not, byte for byte, what was linted.',
    remedy: 'Stop, keep the journal, and report this: it must be impossible.',
  });
}

/**
 * Signs what was linted and nothing else: the signature is verified in software with `issuerSpki` (taken from the
 * issuer's certificate, never from the device) before the bytes are given out, and the TBS inside is compared with the
 * linted one.
 */
export async function signLinted(
  linted: Linted,
  issuerSpki: Uint8Array,
  sign: Signer,
  verify: Verifier,
): Promise<Uint8Array> {
  const { tbs, algorithm } = spendLinted(linted);
  const before = Uint8Array.from(tbs);
  const signature = await sign(algorithm, tbs);
  if (!verify(issuerSpki, algorithm, before, signature)) throw mismatch();
  const signed = assembleSigned(tbs, algorithm, signature);
  if (!equalBytes(readSigned(signed, maximumCrlBytes).tbs, before)) throw changed();
  return signed;
}
