import { fromUtf8 } from '../ports/bytes.ts';
import { toHex } from '../ports/hex.ts';
import { readPem } from '../x509/pem.ts';
import type { ActPorts } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';
import type { CeremonyState } from './state.ts';

/** A file that people took in by its hash is that file still, or it is not read. */
export function requireUnchanged(
  name: string,
  bytes: Uint8Array,
  { media }: CeremonyState,
  { digest }: ActPorts,
): void {
  const taken = media[name];
  if (taken === undefined || taken === toHex(digest('sha256', bytes))) return;
  throw ceremonyError(
    'media-changed',
    `The file "${name}" is not the one that was taken in: its SHA-256 was ${taken}.`,
    'Stop. Find out who exchanged the medium or wrote on it.',
  );
}

/** The DER in a file the binding names, which may be PEM: hostile input, so bounded. What it is, its reader judges. */
export async function derOfFile(
  name: string,
  maximumBytes: number,
  state: CeremonyState,
  ports: ActPorts,
): Promise<Uint8Array> {
  // PEM is a third longer than what it holds, and may have a few lines of text above it.
  const bytes = await ports.media.read(ports.file(name), maximumBytes * 2);
  requireUnchanged(name, bytes, state, ports);
  const text = fromUtf8(bytes);
  const der = text?.includes('-----BEGIN ') === true ? readPem(text, 1)[0]?.bytes : bytes;
  return der ?? new Uint8Array();
}
