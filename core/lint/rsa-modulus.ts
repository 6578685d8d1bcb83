import { DerReader } from '../der/reader.ts';
import { toHex } from '../ports/hex.ts';
import { keyAlgorithms } from '../x509/algorithms.ts';
import { publicKeyOf } from './helpers.ts';

/** Unsigned big-endian octets as a number. */
export function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`);
}

/** The modulus of an RSA key that is allowed otherwise; undefined for any other key. */
export function rsaModulusOf(spki: Uint8Array): bigint | undefined {
  const key = publicKeyOf(spki);
  if (key === undefined || keyAlgorithms[key.algorithm].kind !== 'rsa') return undefined;
  return numberOf(DerReader.over(key.publicKey).enter().integer());
}

function primesBelow(limit: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; candidate < limit; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

const smallPrimes = primesBelow(752);

/** The smallest prime below 752 that divides the modulus (NIST SP 800-89 §5.3.3), or undefined. */
export function smallFactorOf(modulus: bigint): number | undefined {
  return smallPrimes.find((prime) => modulus % BigInt(prime) === 0n);
}

/** For each prime below 168: which residues are powers of 65537. Keys of the faulty library have no other. */
const rocaResidues = primesBelow(168).map((prime) => {
  const residues = new Set<number>();
  for (let power = 1; !residues.has(power); power = (power * 65537) % prime) residues.add(power);
  return { prime, residues };
});

/** True when the modulus bears the fingerprint of CVE-2017-15361 (ROCA): such keys can be factored. */
export function hasRocaFingerprint(modulus: bigint): boolean {
  return rocaResidues.every(({ prime, residues }) => residues.has(Number(modulus % BigInt(prime))));
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(16).length * 4) / 2 + 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

const squaresModulo64 = new Set(Array.from({ length: 64 }, (_, root) => (root * root) % 64));
const oddModulus = 3n * 5n * 7n * 11n * 13n;
const squaresModuloOdd = new Set(
  Array.from({ length: Number(oddModulus) }, (_, root) => (root * root) % Number(oddModulus)),
);

function isSquare(value: bigint): boolean {
  // Two cheap looks rule out all but one number in eighty before a root is taken.
  if (!squaresModulo64.has(Number(value & 63n)) || !squaresModuloOdd.has(Number(value % oddModulus))) return false;
  const root = squareRoot(value);
  return root * root === value;
}

/** True when `rounds` rounds of Fermat's method factor the modulus: its primes lie too close together. */
export function hasClosePrimes(modulus: bigint, rounds: number): boolean {
  let middle = squareRoot(modulus);
  if (middle * middle < modulus) middle += 1n;
  let difference = middle * middle - modulus;
  for (let round = 0; round < rounds; round += 1) {
    if (isSquare(difference)) return true;
    difference += 2n * middle + 1n;
    middle += 1n;
  }
  return false;
}
