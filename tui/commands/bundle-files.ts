import { CodedError } from '../../core/ports/coded-error.ts';
import { toHex } from '../../core/ports/hex.ts';
import type { Digest } from '../../core/ports/digest.ts';
import { maximumBundleBytes } from '../../core/bundle/layout.ts';
import type { BundleVerdict } from '../../core/bundle/bundle.ts';
import { verifyBundle } from '../../core/bundle/verify.ts';
import { readPem } from '../../core/x509/pem.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import type { CommandInput } from '../cli/command.ts';
import type { Program } from '../cli/program.ts';

/** The pinned root: a fingerprint as typed (colons and case do not matter), or that of a PEM file. */
export async function rootFingerprint(given: string, digest: Digest): Promise<string> {
  const plain = given.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{64}$/u.test(plain)) return plain;
  const [block] = readPem(await readTextFile(given), 1);
  if (block?.label === 'CERTIFICATE') return toHex(digest('sha256', block.bytes));
  const remedy = 'Give the root’s SHA-256 fingerprint, or its certificate as a PEM file.';
  throw new CodedError({ code: 'file-not-certificate', message: `${given} holds no certificate.`, remedy });
}

function quorumOf(given: string): number {
  const quorum = /^[1-9][0-9]?$/u.test(given) ? Number(given) : 0;
  if (quorum > 0) return quorum;
  const remedy = 'Give a number from 1 to 99.';
  throw new CodedError({ code: 'usage', message: `"${given}" is no number of people.`, remedy });
}

/** Reads and verifies the bundle a command line names. */
export async function verifyGiven(
  { operands, values, switches }: CommandInput,
  { ports }: Program,
): Promise<{ archive: Uint8Array; verdict: BundleVerdict }> {
  const archive = await ports.media.read(operands[0] ?? '', maximumBundleBytes);
  const { hierarchy, approvals: quorum } = values;
  const expect = {
    rootFingerprint: await rootFingerprint(values['root'] ?? '', ports.digest),
    now: ports.clock.now(),
    rehearsal: switches.has('rehearsal') ? ('require' as const) : ('refuse' as const),
    ...(hierarchy === undefined ? {} : { hierarchy }),
    ...(quorum === undefined ? {} : { approvals: { quorum: quorumOf(quorum) } }),
    ...(switches.has('historical') ? { historical: true } : {}),
  };
  return { archive, verdict: verifyBundle(archive, expect, ports) };
}

/** Options that `bundle verify` and `bundle show` share. */
export const bundleOptions = {
  root: { value: 'ROOT', help: 'the root’s SHA-256 fingerprint, or its certificate as a PEM file', required: true },
  rehearsal: { help: 'expect the bundle of a rehearsal (it is refused otherwise)' },
  hierarchy: { value: 'NAME', help: 'refuse a bundle of another hierarchy' },
  approvals: { value: 'N', help: 'refuse a bundle unless N people approved each certificate and CRL in it' },
  historical: { help: 'look at an old bundle: dates that have passed are no reason to refuse it' },
} as const;
