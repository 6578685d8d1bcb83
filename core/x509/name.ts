import { fromUtf8, utf8 } from '../ports/bytes.ts';
import { toHex } from '../ports/hex.ts';
import { misleadingAt, spellHidden } from '../ports/hidden-text.ts';
import { DerReader } from '../der/reader.ts';
import * as der from '../der/writer.ts';
import { tags } from '../der/tags.ts';
import { oids, oidName } from './oids.ts';
import { x509Error } from './x509-error.ts';

/** A subject as plans write it. The attribute types are the closed set of this table. */
export interface DistinguishedName {
  readonly DC?: readonly string[];
  readonly C?: string;
  readonly ST?: string;
  readonly L?: string;
  readonly O?: string;
  readonly OU?: string;
  readonly CN?: string;
  readonly serialNumber?: string;
}

/** One attribute type: its name in plans, how it is encoded and how long it may be. */
export interface AttributeType {
  readonly key: keyof DistinguishedName;
  readonly oid: string;
  readonly string: 'utf8' | 'printable' | 'ia5';
  /** Upper bound in characters (RFC 5280 Appendix A.1). */
  readonly maximum: number;
}

/** In the order the attributes are encoded (BR 7.1.4.2). */
export const attributeTypes: readonly AttributeType[] = [
  { key: 'DC', oid: oids.domainComponent, string: 'ia5', maximum: 63 },
  { key: 'C', oid: oids.countryName, string: 'printable', maximum: 2 },
  { key: 'ST', oid: oids.stateOrProvinceName, string: 'utf8', maximum: 128 },
  { key: 'L', oid: oids.localityName, string: 'utf8', maximum: 128 },
  { key: 'O', oid: oids.organizationName, string: 'utf8', maximum: 64 },
  { key: 'OU', oid: oids.organizationalUnitName, string: 'utf8', maximum: 64 },
  { key: 'CN', oid: oids.commonName, string: 'utf8', maximum: 64 },
  { key: 'serialNumber', oid: oids.serialNumber, string: 'printable', maximum: 64 },
];

export const maximumCommonNameLength = 64;
const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/u;
const shortNames = new Map(attributeTypes.map((type) => [type.oid, type.key as string]));

function encodeAttribute(type: AttributeType, value: string): der.Der {
  const length = Array.from(value).length;
  const allowed =
    type.string === 'printable'
      ? printable.test(value)
      : type.string === 'ia5'
        ? /^[\u{20}-\u{7e}]*$/u.test(value)
        : misleadingAt(value) === -1;
  if (length === 0 || length > type.maximum || !allowed || value !== value.trim()) {
    throw x509Error(
      'x509-name-attribute',
      `The ${type.key} "${value.slice(0, 80)}" is empty, too long or has characters it may not have.`,
      `Give 1 to ${type.maximum} characters, no spaces at either end${type.string === 'printable' ? ', PrintableString only' : ''}.`,
    );
  }
  if (type.key === 'C' && !/^[A-Z]{2}$/u.test(value)) {
    throw x509Error(
      'x509-name-country',
      `The country "${value}" is not two capital letters.`,
      'Use ISO 3166-1 alpha-2.',
    );
  }
  const encoded =
    type.string === 'utf8'
      ? der.utf8String(value)
      : type.string === 'ia5'
        ? der.ia5String(value)
        : der.printableString(value);
  return der.element(tags.set, der.sequence(der.oid(type.oid), encoded));
}

/** DER of a Name, one attribute to an RDN, in the standard order. An empty subject is an empty SEQUENCE. */
export function encodeName(name: DistinguishedName): Uint8Array {
  const rdns: der.Der[] = [];
  for (const type of attributeTypes) {
    const value = name[type.key];
    if (value === undefined) continue;
    for (const one of typeof value === 'string' ? [value] : value) rdns.push(encodeAttribute(type, one));
  }
  return der.encode(der.sequence(...rdns));
}

/** One attribute as it was read: its type, its string type (tag) and its text. */
export interface NameAttribute {
  readonly oid: string;
  readonly tag: number;
  readonly value: string;
}

function readAttribute(reader: DerReader): NameAttribute {
  const attribute = reader.enter();
  const type = attribute.oid();
  const { tag, content } = attribute.element();
  attribute.end();
  const value = readString(tag, content);
  if (value === undefined) {
    throw x509Error(
      'x509-name-string',
      'A name holds a string whose bytes do not fit its type.',
      'Encode the name again.',
    );
  }
  return { oid: type, tag, value };
}

function readString(tag: number, content: Uint8Array): string | undefined {
  if (tag === tags.utf8String) return fromUtf8(content);
  if (tag === tags.bmpString) {
    let text = '';
    for (let index = 0; index + 1 < content.length; index += 2) {
      text += String.fromCharCode(((content[index] ?? 0) << 8) | (content[index + 1] ?? 0));
    }
    return content.length % 2 === 0 ? text : undefined;
  }
  // At most as long as the Name, which readName bounds.
  const text = String.fromCharCode(...content);
  if (tag === tags.printableString) return printable.test(text) ? text : undefined;
  if (tag === tags.numericString) return /^[0-9 ]*$/u.test(text) ? text : undefined;
  if (tag === tags.ia5String || tag === tags.visibleString) {
    return content.every((byte) => byte < 0x80) ? text : undefined;
  }
  return tag === tags.teletexString ? text : undefined;
}

/** Attributes of a Name (DER), RDN by RDN. */
export function readName(raw: Uint8Array): readonly (readonly NameAttribute[])[] {
  const reader = DerReader.over(raw, 8192);
  const rdns = reader.enter().list(32, (sequence) => {
    const set = sequence.enter(tags.set);
    return set.list(8, readAttribute);
  });
  reader.end();
  return rdns;
}

/**
 * A Name in the one form in which two that relying parties take for one are equal (RFC 5280 §7.1): string types, case, width
 * and insignificant spaces make no other CA.
 */
export function nameToCompare(raw: Uint8Array): string {
  const folded = (value: string): string =>
    spellHidden(value.normalize('NFKC'), () => '')
      .replaceAll(/\s+/gu, ' ')
      .trim()
      .toUpperCase()
      .toLowerCase();
  const rdns = readName(raw).map((rdn) => rdn.map(({ oid, value }) => [oid, folded(value)].join('=')).toSorted());
  return JSON.stringify(rdns);
}

/** First value of an attribute type in a Name (DER), or undefined. */
export function attributeOf(raw: Uint8Array, type: string): string | undefined {
  return readName(raw)
    .flat()
    .find((attribute) => attribute.oid === type)?.value;
}

/** RFC 4514 §2.4, and hex for what could move a terminal's cursor or turn a line around: a CSR may hold anything. */
function escapeValue(value: string): string {
  const hex = (text: string): string => toHex(utf8(text)).replace(/../gu, '\\$&');
  return spellHidden(value.replace(/[,+"\\<>;=]|^[ #]| $/gu, '\\$&'), hex);
}

/** A Name for people, most significant part first: `C=US, O=Example Corp, CN=Root R1` (escaped as in RFC 4514). */
export function formatName(raw: Uint8Array): string {
  const text = readName(raw)
    .map((rdn) => rdn.map(({ oid, value }) => `${shortNames.get(oid) ?? oidName(oid)}=${escapeValue(value)}`).join('+'))
    .join(', ');
  return text === '' ? '(empty)' : text;
}
