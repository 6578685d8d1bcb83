import { nodeDigest } from '../../core/node/crypto.ts';
import { concatBytes, utf8 } from '../../core/ports/bytes.ts';
import { fromHex } from '../../core/ports/hex.ts';
import { hasRocaFingerprint, numberOf, smallFactorOf } from '../../core/lint/rsa-modulus.ts';
import { rsaSpki } from '../../core/x509/spki.ts';

// Moduli that have the one weakness a rule looks for and no other. Nobody knows or needs their private keys: a
// certificate is signed by its issuer.

function bitsFrom(seed: string, bits: number): bigint {
  const blocks = Array.from({ length: Math.ceil(bits / 512) }, (_, index) =>
    nodeDigest('sha512', utf8(`${seed} ${index}`)),
  );
  return numberOf(concatBytes(...blocks)) & (2n ** BigInt(bits) - 1n);
}

function spkiOf(modulus: bigint): Uint8Array {
  return rsaSpki(fromHex(modulus.toString(16).padStart(512, '0')), Uint8Array.of(1, 0, 1));
}

const top = 3n << 2046n;

/** Divisible by 751, the largest prime below 752, and by no smaller one. */
export function smallFactorKey(): Uint8Array {
  let cofactor = ((top + bitsFrom('small factor', 2040)) / 751n) | 1n;
  while (smallFactorOf(cofactor) !== undefined) cofactor += 2n;
  return spkiOf(cofactor * 751n);
}

/** (a - b)(a + b) with b so small that Fermat's method starts beside it. */
export function closePrimesKey(): Uint8Array {
  const b = bitsFrom('close', 500) & ~1n;
  let a = ((7n << 1021n) + bitsFrom('middle', 1000)) | 1n;
  while (smallFactorOf(a * a - b * b) !== undefined) a += 2n;
  return spkiOf(a * a - b * b);
}

/** Congruent to a power of 65537 modulo every prime below 168, as the faulty library's keys are. */
export function rocaKey(): Uint8Array {
  let primorial = 1n;
  for (let candidate = 2n; candidate < 168n; candidate += 1n) {
    let prime = true;
    for (let divisor = 2n; divisor < candidate; divisor += 1n) prime &&= candidate % divisor !== 0n;
    if (prime) primorial *= candidate;
  }
  let residue = 1n;
  for (let power = 0; power < 1000; power += 1) residue = (residue * 65537n) % primorial;
  let multiple = (top + bitsFrom('roca', 2040)) / primorial;
  while (smallFactorOf(residue + multiple * primorial) !== undefined) multiple += 1n;
  const modulus = residue + multiple * primorial;
  if (!hasRocaFingerprint(modulus)) throw new Error('not a ROCA modulus after all');
  return spkiOf(modulus);
}
