import { concatBytes, equalBytes, fromUtf8, utf8 } from '../ports/bytes.ts';
import { CodedError } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import { fromHex, toHex } from '../ports/hex.ts';
import type { SecretSharing } from '../ports/secret-sharing.ts';
import { evenWords, oddWords } from './word-lists.ts';
import { hashWords } from './words.ts';

/** A share of a token's PIN, as it is printed: which token, which set, which share of how many needed. */
export interface Share {
  /** First octets of SHA-256 over the token's serial number, hex: a share of another token is told apart at once. */
  readonly token: string;
  /** Drawn anew each time a PIN is split, hex: shares of two splittings never mix. */
  readonly set: string;
  readonly index: number;
  readonly threshold: number;
  readonly payload: Uint8Array;
}

const version = 1;
const sizes = { token: 3, set: 4, checksum: 4, check: 4, block: 16 } as const;
const headerBytes = 1 + sizes.token + sizes.set + 2;
const smallest = headerBytes + sizes.block + sizes.check + 1 + sizes.checksum;
const largest = headerBytes + 16 * sizes.block + sizes.check + 1 + sizes.checksum;

function refuse(code: string, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy });
}

/** How a share names its token. */
export function tokenMark(serial: string, digest: Digest): string {
  return toHex(digest('sha256', utf8(serial)).subarray(0, sizes.token));
}

function checksum(bytes: Uint8Array, digest: Digest): Uint8Array {
  return digest('sha256', bytes).subarray(0, sizes.checksum);
}

/** The PIN in a block whose length says little of it, and a check that tells a right joining from a wrong one. */
function sealed(pin: string, set: string, digest: Digest): Uint8Array {
  const bytes = utf8(pin);
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / sizes.block) * sizes.block);
  padded[0] = bytes.length;
  padded.set(bytes, 1);
  return concatBytes(padded, digest('sha256', concatBytes(fromHex(set), padded)).subarray(0, sizes.check));
}

function unsealed(secret: Uint8Array, set: string, digest: Digest): string | undefined {
  const padded = secret.subarray(0, -sizes.check);
  const check = digest('sha256', concatBytes(fromHex(set), padded)).subarray(0, sizes.check);
  const length = padded[0] ?? 0;
  if (!equalBytes(check, secret.subarray(-sizes.check)) || length >= padded.length) return undefined;
  return fromUtf8(padded.subarray(1, 1 + length));
}

/** A share in the one form it has on paper (words) and in a QR code (hex): the same octets, with a checksum. */
export function shareHex({ token, set, index, threshold, payload }: Share, digest: Digest): string {
  const head = concatBytes(Uint8Array.of(version), fromHex(token), fromHex(set), Uint8Array.of(index, threshold));
  const body = concatBytes(head, payload);
  return toHex(concatBytes(body, checksum(body, digest)));
}

/** The words of a share, to be written on paper and typed again. */
export function shareWords(hex: string): readonly string[] {
  return hashWords(hex);
}

function octetOf(word: string, index: number): number {
  const [own, other] = index % 2 === 0 ? [evenWords, oddWords] : [oddWords, evenWords];
  const found = own.indexOf(word);
  if (found !== -1) return found;
  // The word itself is not in the message: it may be most of a share.
  const what = other.includes(word)
    ? 'is out of its place: a word before it is missing or twice'
    : 'is none of the list';
  throw refuse(
    'share-word',
    `Word ${index + 1} of the share ${what}.`,
    'Compare it with the paper and type the share again.',
  );
}

function octetsOf(text: string): Uint8Array {
  const compact = text.replaceAll(/\s+/gu, '').toLowerCase();
  if (/^[0-9a-f]{40,700}$/u.test(compact) && compact.length % 2 === 0) return fromHex(compact);
  // Numbers at the beginning of a row belong to the print, not to the share.
  const words = text
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((word) => word !== '' && !/^\d+$/u.test(word));
  return Uint8Array.from(words, octetOf);
}

/** Reads a share as somebody typed or scanned it; `share-…` says what is wrong with it, never what it was. */
export function readShare(text: string, digest: Digest): Share {
  const bytes = octetsOf(text);
  const again = 'Compare it with the paper and type the share again.';
  if (bytes.length < smallest || bytes.length > largest) {
    throw refuse('share-length', `A share has at least ${smallest} words; this has ${bytes.length}.`, again);
  }
  const body = bytes.subarray(0, -sizes.checksum);
  if (!equalBytes(checksum(body, digest), bytes.subarray(-sizes.checksum))) {
    throw refuse('share-checksum', 'The checksum of the share does not fit: a word is another one.', again);
  }
  if (body[0] !== version)
    throw refuse('share-version', 'The share is of a form that this version does not know.', again);
  return {
    token: toHex(body.subarray(1, 4)),
    set: toHex(body.subarray(4, 8)),
    index: body[8] ?? 0,
    threshold: body[9] ?? 0,
    payload: body.slice(headerBytes),
  };
}

/** Splits a PIN; every share is one that `joinShares` takes. */
export async function splitPin(
  pin: string,
  { token, set, count, threshold }: { token: string; set: string; count: number; threshold: number },
  sharing: SecretSharing,
  digest: Digest,
): Promise<readonly Share[]> {
  const payloads = await sharing.split(sealed(pin, set, digest), count, threshold);
  return payloads.map((payload, index) => ({ token, set, index: index + 1, threshold, payload }));
}

/** Why a share cannot stand beside those given before it, for this token; undefined where it can. */
export function shareFault(
  share: Share,
  before: readonly Share[],
  token: string,
  set?: string,
): CodedError | undefined {
  const [first] = before;
  const named = `Share ${share.index} of set ${share.set}`;
  if (share.token !== token) {
    return refuse(
      'share-other-token',
      `${named} is of another token.`,
      'Bring the shares of the token in front of you.',
    );
  }
  if (set !== undefined && share.set !== set) {
    const remedy = 'Bring the shares of that set; all others are void.';
    return refuse('share-other-set', `${named} is not of the set ${set}, which opens the token now.`, remedy);
  }
  if (first !== undefined && first.set !== share.set) {
    const message = `${named} is of another splitting than the one before it, set ${first.set}.`;
    return refuse('share-other-set', message, 'Bring shares of one set; those of an older set are void.');
  }
  if (before.some(({ index }) => index === share.index)) {
    return refuse('share-twice', `${named} was given already.`, 'Another officer types theirs.');
  }
  return undefined;
}

/** The PIN that shares give together: in memory only, and only where it proves to be the one that was split. */
export async function joinShares(shares: readonly Share[], sharing: SecretSharing, digest: Digest): Promise<string> {
  const [first] = shares;
  const threshold = first?.threshold ?? 2;
  if (first === undefined || shares.length < threshold) {
    const message = `${threshold} shares of this set are needed; ${shares.length} were given.`;
    throw refuse('share-too-few', message, 'The plan must ask for as many as the set needs.');
  }
  const secret = await sharing.combine(shares.map(({ payload }) => payload));
  const pin = unsealed(secret, first.set, digest);
  if (pin !== undefined) return pin;
  throw refuse(
    'share-wrong',
    'The shares do not give a PIN together: at least one is wrong.',
    'Try other shares of the set.',
  );
}
