import { compareBytes } from '../ports/bytes.ts';
import { derError } from './der-error.ts';
import { decodeOidContent } from './oid.ts';
import { parseGeneralizedTime, parseUtcTime } from './time.ts';
import { tags } from './tags.ts';

/** Nesting no certificate, CRL, CSR or CMS of ours comes near. */
const maximumDepth = 32;
/** Ceiling for one input unless the caller sets a lower one: a CRL of some 100,000 entries. */
const maximumInputBytes = 8 * 1024 * 1024;

/** One element: its identifier octet, its content, and the whole of it including header. Views, not copies. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly raw: Uint8Array;
}

/**
 * Reads strict DER (X.690 §10, §11) from left to right: definite minimal lengths, low tag numbers, bounded depth and
 * size. Every refusal is a `der-…` error with the byte offset. Nothing is copied; results are views of the input.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #depth: number;
  #position: number;

  private constructor(bytes: Uint8Array, start: number, end: number, depth: number) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
    this.#depth = depth;
  }

  /** A reader over a whole input. */
  static over(bytes: Uint8Array, maximumBytes: number = maximumInputBytes): DerReader {
    if (bytes.length > maximumBytes) throw derError('der-too-long', maximumBytes);
    return new DerReader(bytes, 0, bytes.length, 0);
  }

  get atEnd(): boolean {
    return this.#position >= this.#end;
  }

  /** The identifier octet that comes next, or -1 at the end. */
  peek(): number {
    return this.atEnd ? -1 : (this.#bytes[this.#position] ?? -1);
  }

  /** Refuses anything after what was read. */
  end(): void {
    if (!this.atEnd) throw derError('der-trailing-bytes', this.#position);
  }

  /** Reads the next element's header and moves behind the element; content bounds are the result. */
  #advance(expected: number | undefined): { start: number; contentStart: number; end: number; tag: number } {
    const start = this.#position;
    const tag = this.#byteAt(start);
    if (expected !== undefined && tag !== expected) throw derError('der-unexpected-tag', start);
    if ((tag & 0x1f) === 0x1f) throw derError('der-high-tag-number', start);
    const first = this.#byteAt(start + 1);
    let contentStart = start + 2;
    let length = first;
    if (first === 0x80) throw derError('der-indefinite-length', start + 1);
    if (first > 0x80) {
      const count = first & 0x7f;
      if (count > 4) throw derError('der-too-long', start + 1);
      length = 0;
      for (let index = 0; index < count; index += 1) length = length * 256 + this.#byteAt(contentStart + index);
      const shortest = length >= 0x80 && length >= 256 ** (count - 1);
      if (!shortest) throw derError('der-length-not-minimal', start + 1);
      contentStart += count;
    }
    const end = contentStart + length;
    if (end > this.#end) throw derError('der-truncated', start);
    this.#position = end;
    return { start, contentStart, end, tag };
  }

  #byteAt(position: number): number {
    const byte = position < this.#end ? this.#bytes[position] : undefined;
    if (byte === undefined) throw derError('der-truncated', position);
    return byte;
  }

  /** The next element, of the given tag where one is named. */
  element(tag?: number): DerElement {
    const { start, contentStart, end, tag: found } = this.#advance(tag);
    return { tag: found, content: this.#bytes.subarray(contentStart, end), raw: this.#bytes.subarray(start, end) };
  }

  /** The content of the next element, which must have this tag. */
  content(tag: number): Uint8Array {
    const { contentStart, end } = this.#advance(tag);
    return this.#bytes.subarray(contentStart, end);
  }

  /** A reader over the inside of the next element, which must have this (constructed) tag. */
  enter(tag: number = tags.sequence): DerReader {
    if (this.#depth >= maximumDepth) throw derError('der-too-deep', this.#position);
    const { contentStart, end } = this.#advance(tag);
    return new DerReader(this.#bytes, contentStart, end, this.#depth + 1);
  }

  /** Like {@link enter} when the next element has this tag; undefined, and nothing read, when not. */
  enterOptional(tag: number): DerReader | undefined {
    return this.peek() === tag ? this.enter(tag) : undefined;
  }

  /** Every element up to the end, each handed to `read`; refuses more than `maximum`. */
  list<T>(maximum: number, read: (reader: this) => T): T[] {
    const items: T[] = [];
    while (!this.atEnd) {
      if (items.length >= maximum) throw derError('der-too-many', this.#position);
      items.push(read(this));
    }
    return items;
  }

  /** The raw elements of a SET OF, which must stand in DER order (X.690 §11.6). */
  setOf(maximum: number, tag: number = tags.set): Uint8Array[] {
    const position = this.#position;
    const elements = this.enter(tag).list(maximum, (reader) => reader.element().raw);
    for (let index = 1; index < elements.length; index += 1) {
      if (compareBytes(elements[index - 1] ?? new Uint8Array(), elements[index] ?? new Uint8Array()) > 0) {
        throw derError('der-set-order', position);
      }
    }
    return elements;
  }

  boolean(): boolean {
    const position = this.#position;
    const content = this.content(tags.boolean);
    const byte = content[0];
    if (content.length !== 1 || (byte !== 0x00 && byte !== 0xff)) throw derError('der-boolean-malformed', position);
    return byte === 0xff;
  }

  /** Content octets of an INTEGER in shortest form: two's complement, as they stand. */
  integer(tag: number = tags.integer): Uint8Array {
    const position = this.#position;
    const content = this.content(tag);
    const [first = 0, second = 0] = content;
    const padded = content.length > 1 && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (content.length === 0 || padded) throw derError('der-integer-malformed', position);
    return content;
  }

  /** A whole number from 0 to `maximum` (at most 2^32). */
  smallInteger(maximum: number, tag: number = tags.integer): number {
    const position = this.#position;
    const content = this.integer(tag);
    let value = 0;
    for (const byte of content) value = value * 256 + byte;
    if (content.length > 5 || (content[0] ?? 0) >= 0x80 || value > maximum) {
      throw derError('der-integer-out-of-range', position);
    }
    return value;
  }

  null(): void {
    const position = this.#position;
    if (this.content(tags.null).length !== 0) throw derError('der-null-malformed', position);
  }

  oid(tag: number = tags.oid): string {
    const position = this.#position;
    const dotted = decodeOidContent(this.content(tag));
    if (dotted === undefined) throw derError('der-oid-malformed', position);
    return dotted;
  }

  octetString(): Uint8Array {
    return this.content(tags.octetString);
  }

  /** A BIT STRING and how many bits of its last octet are unused; those bits must be zero (X.690 §11.2.1). */
  bitString(tag: number = tags.bitString): { readonly bytes: Uint8Array; readonly unused: number } {
    const position = this.#position;
    const content = this.content(tag);
    const unused = content[0] ?? 8;
    const bytes = content.subarray(1);
    const last = bytes[bytes.length - 1];
    const impossible = unused > 7 || (last === undefined ? unused > 0 : (last & ((1 << unused) - 1)) !== 0);
    if (impossible) throw derError('der-bit-string-malformed', position);
    return { bytes, unused };
  }

  /** The octets of a BIT STRING that must fill whole octets: a signature or a public key. */
  bitStringOctets(): Uint8Array {
    const position = this.#position;
    const { bytes, unused } = this.bitString();
    if (unused !== 0) throw derError('der-bit-string-malformed', position);
    return bytes;
  }

  /** A Time (RFC 5280 §4.1.2.5), as seconds since the epoch. Whether its type fits its year is for lint to say. */
  time(): number {
    const position = this.#position;
    const { tag, content } = this.element();
    let text = '';
    for (const byte of content.subarray(0, 16)) text += String.fromCharCode(byte);
    const seconds =
      tag === tags.utcTime ? parseUtcTime(text) : tag === tags.generalizedTime ? parseGeneralizedTime(text) : undefined;
    if (content.length > 15 || seconds === undefined) throw derError('der-time-malformed', position);
    return seconds;
  }
}
