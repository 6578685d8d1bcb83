const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;
const initialBias = 72;
const initialCodePoint = 128;
const maximumCodePoint = 0x10ffff;

function digitOf(character: string): number {
  if (/^[a-z]$/u.test(character)) return character.charCodeAt(0) - 97;
  return /^[0-9]$/u.test(character) ? character.charCodeAt(0) - 22 : base;
}

function adapt(delta: number, points: number, first: boolean): number {
  let left = first ? Math.floor(delta / damp) : delta >> 1;
  left += Math.floor(left / points);
  let k = 0;
  for (; left > ((base - tMin) * tMax) / 2; k += base) left = Math.floor(left / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * left) / (left + skew));
}

/** One variable-length number (RFC 3492 §3.3) from `start`: its value and where the next one begins. */
function readDelta(text: string, start: number, bias: number): { value: number; next: number } | undefined {
  let [value, weight, next] = [0, 1, start];
  for (let k = base; ; k += base) {
    const digit = digitOf(text.charAt(next));
    next += 1;
    value += digit * weight;
    if (digit === base || value > 0x7fffffff) return undefined;
    const threshold = Math.min(tMax, Math.max(tMin, k - bias));
    if (digit < threshold) return { value, next };
    weight *= base - threshold;
  }
}

/** The text a Punycode string of lower-case LDH characters stands for (RFC 3492 §6.2), or undefined for none. */
export function decodePunycode(text: string): string | undefined {
  const split = text.lastIndexOf('-');
  const output = Array.from(split < 0 ? '' : text.slice(0, split), (character) => character.codePointAt(0) ?? 0);
  let [codePoint, index, bias] = [initialCodePoint, 0, initialBias];
  // A delimiter with nothing before it is no delimiter, and then no digit either.
  for (let position = split > 0 ? split + 1 : 0; position < text.length;) {
    const delta = readDelta(text, position, bias);
    if (delta === undefined) return undefined;
    index += delta.value;
    const points = output.length + 1;
    bias = adapt(delta.value, points, output.length === Math.max(0, split));
    codePoint += Math.floor(index / points);
    index %= points;
    if (codePoint > maximumCodePoint || (codePoint >= 0xd800 && codePoint <= 0xdfff)) return undefined;
    output.splice(index, 0, codePoint);
    index += 1;
    position = delta.next;
  }
  return String.fromCodePoint(...output);
}
