import { DerReader } from '../../der/reader.ts';
import * as der from '../../der/writer.ts';
import { oids } from '../oids.ts';
import { extension, type Extension } from './extension.ts';

/** Bits of RFC 5280 §4.2.1.3, in their order. */
export const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsageBits)[number];

export function keyUsage(usages: readonly KeyUsage[]): Extension {
  const bits = usages.map((usage) => keyUsageBits.indexOf(usage));
  return extension(oids.keyUsage, true, der.namedBitString(bits));
}

export function readKeyUsage(value: Uint8Array): readonly KeyUsage[] {
  const reader = DerReader.over(value);
  const { bytes } = reader.bitString();
  reader.end();
  return keyUsageBits.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}
