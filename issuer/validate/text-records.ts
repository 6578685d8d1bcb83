import { createHash } from 'node:crypto';
import { toBase64Url } from '../../core/ports/base64.ts';
import type { Dns } from './dns.ts';
import { wrongResponse } from './failures.ts';
import { equalTexts } from './key-authorization.ts';

/** Records of one name that are looked at. */
export const maximumRecords = 100;

/** Requires that one of the TXT records of a name is the hash of the key authorization (RFC 8555 §8.4). */
export async function requireTextRecord(
  dns: Dns,
  name: string,
  keyAuthorization: string,
  signal: AbortSignal,
): Promise<void> {
  const expected = toBase64Url(createHash('sha256').update(keyAuthorization).digest());
  const texts = await dns.texts(name, signal);
  if (texts.slice(0, maximumRecords).some((text) => equalTexts(text, expected))) return;
  throw wrongResponse(`None of the ${texts.length} TXT records at ${name} is the one expected.`);
}
