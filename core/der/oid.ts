import { CodedError } from '../ports/coded-error.ts';

/** Longest content an OBJECT IDENTIFIER may have here; a UUID arc (2.25) takes 20 bytes. */
const maximumContentBytes = 64;

/** Content octets of a dotted OBJECT IDENTIFIER (X.690 §8.19). Arcs may be larger than 2^53: UUID arcs are. */
export function encodeOidContent(dotted: string): Uint8Array {
  const arcs = dotted.split('.').map((arc) => (/^(0|[1-9][0-9]{0,38})$/u.test(arc) ? BigInt(arc) : -1n));
  const [first, second, ...rest] = arcs;
  const possible =
    first !== undefined &&
    second !== undefined &&
    arcs.every((arc) => arc >= 0n) &&
    first <= 2n &&
    (first === 2n || second < 40n);
  if (!possible) {
    throw new CodedError({
      code: 'oid-malformed',
      message: `"${dotted.slice(0, 80)}" is not an object identifier.`,
      remedy: 'Write it as dotted numbers, such as 2.5.4.3.',
    });
  }
  const bytes: number[] = [];
  for (const arc of [first * 40n + second, ...rest]) {
    const septets: number[] = [];
    let left = arc;
    do {
      septets.unshift(Number(left & 0x7fn) | (septets.length === 0 ? 0 : 0x80));
      left >>= 7n;
    } while (left > 0n);
    bytes.push(...septets);
  }
  return Uint8Array.from(bytes);
}

/** Dotted form of content octets, or undefined where they break X.690 §8.19. */
export function decodeOidContent(content: Uint8Array): string | undefined {
  if (content.length === 0 || content.length > maximumContentBytes) return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) return undefined;
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = (byte & 0x80) === 0;
    if (fresh) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [joined, ...rest] = arcs;
  if (!fresh || joined === undefined) return undefined;
  const first = joined < 40n ? 0n : joined < 80n ? 1n : 2n;
  return [first, joined - first * 40n, ...rest].join('.');
}
