import { z } from 'zod';
import { judgeKey } from '../lint/linted.ts';
import type { KeyAlgorithmName } from '../ports/algorithm-names.ts';
import { fromBase64, toBase64 } from '../ports/base64.ts';
import { equalBytes } from '../ports/bytes.ts';
import { toHex } from '../ports/hex.ts';
import { maximumCsrBytes, readCsr } from '../x509/csr.ts';
import { formatName } from '../x509/name.ts';
import { readSpki } from '../x509/spki.ts';
import type { ActPorts } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';
import { derOfFile } from './file-input.ts';
import { refuseCompromised } from './issuing.ts';
import type { CeremonyState } from './state.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/u);

/** What the journal says of a request: the key is used, and the subject only shown. */
export const csrFacts = z.strictObject({ sha256: hash, subject: z.string().max(2000) });

/** A request whose maker holds the key. */
export interface TakenCsr {
  readonly der: Uint8Array;
  readonly spki: Uint8Array;
  readonly algorithm: KeyAlgorithmName;
  readonly facts: z.infer<typeof csrFacts>;
}

/** A key that something else in the hierarchy has: whoever holds it could be either. */
function requireNewKey(name: string, spki: Uint8Array, { keys }: CeremonyState): void {
  const twin = Object.entries(keys).find(([, key]) => equalBytes(fromBase64(key.spki), spki));
  if (twin === undefined) return;
  throw ceremonyError(
    'key-reused',
    `The public key of the CSR "${name}" is known in this hierarchy already: ${twin[0]}.`,
    'Have the CSR made with a new key.',
  );
}

/** DER of a CSR as hostile input: proof of possession, and a key that is not weak. */
export function readTakenCsr(name: string, der: Uint8Array, { verify, digest }: ActPorts): TakenCsr {
  const csr = readCsr(der, verify);
  const weak = judgeKey(csr.spki);
  if (weak.length > 0) {
    throw ceremonyError(
      'csr-weak-key',
      `The key of the CSR "${name}" is weak: ${weak.map(({ rule, found }) => `${rule}: ${found}`).join('; ')}.`,
      'Have the CSR made with a new key, by another key generator.',
    );
  }
  const facts = { sha256: toHex(digest('sha256', csr.raw)), subject: formatName(csr.subject) };
  return { der: csr.raw, spki: csr.spki, algorithm: readSpki(csr.spki).algorithm, facts };
}

/** A CSR file: bounded, PEM or DER, signed with the key it asks a certificate for, which is new and of the right kind. */
export async function takeCsr(
  name: string,
  wanted: KeyAlgorithmName | undefined,
  state: CeremonyState,
  ports: ActPorts,
): Promise<TakenCsr> {
  const taken = readTakenCsr(name, await derOfFile(name, maximumCsrBytes, state, ports), ports);
  if (wanted !== undefined && taken.algorithm !== wanted) {
    throw ceremonyError(
      'csr-key-algorithm',
      `The CSR "${name}" is for a key of type ${taken.algorithm}; the profile says ${wanted}.`,
      'Have the CSR made with the right kind of key, or correct the plan and have it reviewed again.',
    );
  }
  refuseCompromised(taken.spki, state, ports);
  requireNewKey(name, taken.spki, state);
  return taken;
}

/** A request as an act writes it ahead. */
export function csrRecord({ der, spki, algorithm, facts }: TakenCsr): {
  der: string;
  spki: string;
  algorithm: KeyAlgorithmName;
  sha256: string;
  subject: string;
} {
  return { der: toBase64(der), spki: toBase64(spki), algorithm, ...facts };
}
