import { DerReader } from '../../der/reader.ts';
import { contextConstructedTag, contextTag, tags } from '../../der/tags.ts';
import * as der from '../../der/writer.ts';
import { encodeGeneralName } from '../general-name.ts';
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

export function readCRLNumber(value: Uint8Array): bigint {
  const reader = DerReader.over(value);
  const content = reader.integer();
  reader.end();
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

/** Which scope flags an IssuingDistributionPoint sets; `partial` for reasons, indirect CRLs and attribute certificates. */
export function readIssuingDistributionPoint(value: Uint8Array): { users: boolean; cas: boolean; partial: boolean } {
  const reader = enterValue(value);
  reader.enterOptional(contextConstructedTag(0));
  const present = reader.list(8, (list) => list.element().tag);
  const users = present.includes(contextTag(1));
  const cas = present.includes(contextTag(2));
  return { users, cas, partial: present.length > Number(users) + Number(cas) };
}
