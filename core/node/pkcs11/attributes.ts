import type { KeyAttributes } from '../../ports/token.ts';
import type { Handle } from './cryptoki.ts';
import type { Session } from './session.ts';
import * as p11 from './constants.ts';
import { returned } from './errors.ts';

/** Attribute values by type; an attribute that the token does not have, or will not tell, is absent. */
export type AttributeValues = ReadonlyMap<number, Buffer>;

/**
 * Reads attributes of an object. One unknown attribute makes C_GetAttributeValue fail as a whole, so then each is asked
 * for alone.
 */
export function readAttributes(session: Session, object: Handle, types: readonly number[]): AttributeValues {
  const read = (wanted: readonly number[]) =>
    session.cryptoki.C_GetAttributeValue(
      session.handle,
      object,
      wanted.map((type) => ({ type })),
    );
  const values = new Map<number, Buffer>();
  const keep = (wanted: readonly number[]) => {
    for (const { type, value } of read(wanted)) if (value !== undefined) values.set(type, value);
  };
  try {
    keep(types);
  } catch (error) {
    if (!isUntold(error)) throw error;
    for (const type of types) {
      try {
        keep([type]);
      } catch (single) {
        if (!isUntold(single)) throw single;
      }
    }
  }
  return values;
}

function isUntold(error: unknown): boolean {
  return returned(error, p11.CKR_ATTRIBUTE_TYPE_INVALID, p11.CKR_ATTRIBUTE_SENSITIVE);
}

/** A CK_ULONG attribute, or undefined. Every platform this runs on is little-endian. */
export function numberOf(values: AttributeValues, type: number): number | undefined {
  const value = values.get(type);
  return value === undefined || value.length < 4 ? undefined : value.readUInt32LE(0);
}

const maximumTextLength = 1024;

/** A text attribute, cut at a length no label has; empty where it is absent. */
export function textOf(values: AttributeValues, type: number): string {
  const text = (values.get(type) ?? Buffer.alloc(0)).toString('utf8').replace(/\0+$/u, '');
  return text.slice(0, maximumTextLength);
}

interface Rule {
  readonly type: number;
  readonly name: string;
  /** What an attribute that the token does not have counts as: never the answer that would let a key pass. */
  readonly absent: boolean;
  /** What a generated key must have; undefined where the claim is recorded only, because devices get it wrong. */
  readonly wanted?: boolean;
}

/**
 * Attributes of private keys. CKA_LOCAL and its relatives are recorded and not enforced: they change on restore, and
 * some devices say false for every key. A capability that the token has no attribute for is one that it does not have.
 */
const rules: Readonly<Record<keyof KeyAttributes, Rule>> = {
  token: { type: p11.CKA_TOKEN, name: 'CKA_TOKEN', absent: false, wanted: true },
  private: { type: p11.CKA_PRIVATE, name: 'CKA_PRIVATE', absent: false, wanted: true },
  sensitive: { type: p11.CKA_SENSITIVE, name: 'CKA_SENSITIVE', absent: false, wanted: true },
  extractable: { type: p11.CKA_EXTRACTABLE, name: 'CKA_EXTRACTABLE', absent: true, wanted: false },
  sign: { type: p11.CKA_SIGN, name: 'CKA_SIGN', absent: false, wanted: true },
  decrypt: { type: p11.CKA_DECRYPT, name: 'CKA_DECRYPT', absent: false, wanted: false },
  unwrap: { type: p11.CKA_UNWRAP, name: 'CKA_UNWRAP', absent: false, wanted: false },
  derive: { type: p11.CKA_DERIVE, name: 'CKA_DERIVE', absent: false, wanted: false },
  modifiable: { type: p11.CKA_MODIFIABLE, name: 'CKA_MODIFIABLE', absent: true, wanted: false },
  local: { type: p11.CKA_LOCAL, name: 'CKA_LOCAL', absent: false },
  alwaysSensitive: { type: p11.CKA_ALWAYS_SENSITIVE, name: 'CKA_ALWAYS_SENSITIVE', absent: false },
  neverExtractable: { type: p11.CKA_NEVER_EXTRACTABLE, name: 'CKA_NEVER_EXTRACTABLE', absent: false },
};
const ruleEntries = Object.entries(rules) as readonly [keyof KeyAttributes, Rule][];

/** The attribute types to read for `keyAttributesOf`. */
export const keyAttributeTypes: readonly number[] = ruleEntries.map(([, { type }]) => type);

export function keyAttributesOf(values: AttributeValues): KeyAttributes {
  const attributes: Partial<Record<keyof KeyAttributes, boolean>> = {};
  for (const [name, { type, absent }] of ruleEntries) {
    const value = values.get(type);
    attributes[name] = value === undefined || value.length === 0 ? absent : value[0] !== 0;
  }
  return attributes as unknown as KeyAttributes;
}

/** What of a generated key's attributes is not as asked for, in words. `tolerated` need not be as asked for. */
export function attributeDifferences(found: KeyAttributes, tolerated: readonly (keyof KeyAttributes)[]): string[] {
  return ruleEntries
    .filter(([name, { wanted }]) => wanted !== undefined && found[name] !== wanted && !tolerated.includes(name))
    .map(([name, rule]) => `${rule.name} is ${found[name]}`);
}
