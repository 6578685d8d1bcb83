import { compareBytes, utf8 } from '../ports/bytes.ts';
import { encodeOidContent } from './oid.ts';
import { generalizedTimeFrom, timeDigits } from './time.ts';
import { contextConstructedTag, contextTag, tags } from './tags.ts';

/**
 * DER to be written: finished bytes, or a header with parts still to be laid out. Lengths are known at once and
 * `encode` copies every byte exactly once, however deep the nesting.
 */
export type Der = Uint8Array | DerNode;

interface DerNode {
  readonly tag: number;
  readonly contentLength: number;
  /** Length of header and content together. */
  readonly length: number;
  readonly parts: readonly Der[];
}

function headerLength(contentLength: number): number {
  if (contentLength < 0x80) return 2;
  if (contentLength < 0x100) return 3;
  if (contentLength < 0x10000) return 4;
  return contentLength < 0x1000000 ? 5 : 6;
}

/** An element with this identifier octet around the parts. */
export function element(tag: number, ...parts: readonly Der[]): Der {
  return elementOf(tag, parts);
}

/** The same from a list, which may be longer than a call may have arguments. */
function elementOf(tag: number, parts: readonly Der[]): Der {
  let contentLength = 0;
  for (const part of parts) contentLength += part.length;
  return { tag, contentLength, length: headerLength(contentLength) + contentLength, parts };
}

function layOut(der: Der, out: Uint8Array, offset: number): number {
  if (der instanceof Uint8Array) {
    out.set(der, offset);
    return offset + der.length;
  }
  out[offset] = der.tag;
  const lengthOctets = headerLength(der.contentLength) - 2;
  if (lengthOctets === 0) out[offset + 1] = der.contentLength;
  else {
    out[offset + 1] = 0x80 | lengthOctets;
    for (let index = 0; index < lengthOctets; index += 1) {
      out[offset + 1 + lengthOctets - index] = (der.contentLength >>> (8 * index)) & 0xff;
    }
  }
  let position = offset + 2 + lengthOctets;
  for (const part of der.parts) position = layOut(part, out, position);
  return position;
}

/** The bytes. */
export function encode(der: Der): Uint8Array {
  if (der instanceof Uint8Array) return der;
  const out = new Uint8Array(der.length);
  layOut(der, out, 0);
  return out;
}

export function sequence(...parts: readonly Der[]): Der {
  return element(tags.sequence, ...parts);
}

/** SEQUENCE OF, as long as it may be: a CRL's entries. */
export function sequenceOf(parts: readonly Der[]): Der {
  return elementOf(tags.sequence, parts);
}

/** SET OF, its elements put in DER order (X.690 §11.6). */
export function setOf(parts: readonly Der[], tag: number = tags.set): Der {
  return elementOf(tag, parts.map(encode).sort(compareBytes));
}

/** `[number] EXPLICIT` around a part. */
export function explicit(number: number, ...parts: readonly Der[]): Der {
  return element(contextConstructedTag(number), ...parts);
}

/** `[number] IMPLICIT` with these primitive content octets. */
export function implicit(number: number, content: Uint8Array): Der {
  return element(contextTag(number), content);
}

export function boolean(value: boolean): Der {
  return Uint8Array.of(tags.boolean, 1, value ? 0xff : 0x00);
}

/** A whole number from 0 to 2^53 - 1. */
export function integer(value: number): Der {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const bytes = Uint8Array.from(hex.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
  return unsignedInteger(bytes);
}

/** INTEGER from unsigned big-endian octets: leading zeros dropped, a zero octet put before a set high bit. */
export function unsignedInteger(bytes: Uint8Array, tag: number = tags.integer): Der {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = bytes.subarray(start);
  return (digits[0] ?? 0x80) >= 0x80 ? element(tag, Uint8Array.of(0), digits) : element(tag, digits);
}

/** INTEGER from content octets that are already in DER form, such as a serial number taken from a certificate. */
export function integerContent(content: Uint8Array): Der {
  return element(tags.integer, content);
}

export function enumerated(value: number): Der {
  return Uint8Array.of(tags.enumerated, 1, value);
}

export function nullValue(): Der {
  return Uint8Array.of(tags.null, 0);
}

const oidCache = new Map<string, Uint8Array>();

/** OBJECT IDENTIFIER. The few this project writes are kept; anything else is encoded each time. */
export function oid(dotted: string): Uint8Array {
  const known = oidCache.get(dotted);
  if (known !== undefined) return known;
  const encoded = encode(element(tags.oid, encodeOidContent(dotted)));
  if (oidCache.size < 256) oidCache.set(dotted, encoded);
  return encoded;
}

export function octetString(...parts: readonly Der[]): Der {
  return element(tags.octetString, ...parts);
}

/** BIT STRING of whole octets. */
export function bitString(...parts: readonly Der[]): Der {
  return element(tags.bitString, Uint8Array.of(0), ...parts);
}

/** BIT STRING of named bits, trailing zero bits removed as DER wants for them (X.690 §11.2.2). */
export function namedBitString(bits: readonly number[], tag: number = tags.bitString): Der {
  const highest = Math.max(-1, ...bits);
  const bytes = new Uint8Array(Math.floor(highest / 8) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return element(tag, Uint8Array.of(highest < 0 ? 0 : 7 - (highest & 7)), bytes);
}

export function utf8String(text: string): Der {
  return element(tags.utf8String, utf8(text));
}

export function printableString(text: string): Der {
  return element(tags.printableString, utf8(text));
}

export function ia5String(text: string): Der {
  return element(tags.ia5String, utf8(text));
}

/** GeneralizedTime whatever the year, for the places where the standard leaves no choice (OCSP). */
export function generalizedTime(seconds: number): Der {
  return element(tags.generalizedTime, utf8(`${timeDigits(seconds)}Z`));
}

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
export function time(seconds: number): Der {
  if (seconds >= generalizedTimeFrom) return generalizedTime(seconds);
  return element(tags.utcTime, utf8(`${timeDigits(seconds).slice(2)}Z`));
}
