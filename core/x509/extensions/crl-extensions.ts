import { derError } from '../../der/der-error.ts';
import { DerReader } from '../../der/reader.ts';
import { contextConstructedTag, contextTag, tags } from '../../der/tags.ts';
import * as der from '../../der/writer.ts';
import { encodeGeneralName, readGeneralName } from '../general-name.ts';
import { oids } from '../oids.ts';
import { enterValue, extension, type Extension } from './extension.ts';

/** RFC 5280 §5.3.1. `unspecified` is never written: RFC 5280 wants the extension left out instead. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

/** The reason with this code, or undefined. */
export function reasonOf(code: number): RevocationReason | undefined {
  for (const [name, value] of Object.entries(revocationReasons)) if (value === code) return name as RevocationReason;
  return undefined;
}

/** RFC 5280 §5.2.3, from unsigned big-endian octets: at most 20. */
export function cRLNumber(number: Uint8Array): Extension {
  return extension(oids.cRLNumber, false, der.unsignedInteger(number));
}

/** Longest CRL number that is read at all; lint allows 20 octets (RFC 5280 §5.2.3). */
const maximumNumberOctets = 64;

/** The number; -1 for any negative one. */
export function readCRLNumber(value: Uint8Array): bigint {
  const reader = DerReader.over(value);
  const content = reader.integer();
  reader.end();
  if (content.length > maximumNumberOctets) throw derError('der-integer-out-of-range', 0);
  let number = 0n;
  for (const byte of content) number = (number << 8n) | BigInt(byte);
  return (content[0] ?? 0) >= 0x80 ? -1n : number;
}

export function reasonCode(reason: RevocationReason): Extension {
  return extension(oids.reasonCode, false, der.enumerated(revocationReasons[reason]));
}

export function readReasonCode(value: Uint8Array): number {
  const reader = DerReader.over(value);
  const code = reader.smallInteger(255, tags.enumerated);
  reader.end();
  return code;
}

const maximumPointNames = 16;

/** RFC 5280 §5.2.5: the CRL covers only what names this distribution point. Critical. */
export interface IssuingDistributionPoint {
  readonly urls: readonly string[];
  readonly onlyContains?: 'user' | 'ca';
}

export function issuingDistributionPoint({ urls, onlyContains }: IssuingDistributionPoint): Extension {
  const names = urls.map((value) => encodeGeneralName({ kind: 'uri', value }));
  const point = urls.length === 0 ? [] : [der.explicit(0, der.explicit(0, ...names))];
  const scope = onlyContains === undefined ? [] : [der.implicit(onlyContains === 'user' ? 1 : 2, Uint8Array.of(0xff))];
  return extension(oids.issuingDistributionPoint, true, der.sequence(...point, ...scope));
}

/** `[number] IMPLICIT BOOLEAN DEFAULT FALSE`: there only when it is TRUE (X.690 §11.1 and §11.5). */
function readFlag(reader: DerReader, tag: number): boolean {
  if (reader.peek() !== tag) return false;
  const content = reader.content(tag);
  if (content.length !== 1 || content[0] !== 0xff) throw derError('der-boolean-malformed', 0);
  return true;
}

/** Which scope flags an IssuingDistributionPoint sets; `partial` for reasons, indirect CRLs and attribute certificates. */
export function readIssuingDistributionPoint(value: Uint8Array): { users: boolean; cas: boolean; partial: boolean } {
  const reader = enterValue(value);
  const point = reader.enterOptional(contextConstructedTag(0));
  point?.enter(contextConstructedTag(0)).list(maximumPointNames, readGeneralName);
  point?.end();
  const [users, cas] = [readFlag(reader, contextTag(1)), readFlag(reader, contextTag(2))];
  const partial = !reader.atEnd;
  reader.list(3, (rest) => rest.element());
  return { users, cas, partial };
}
