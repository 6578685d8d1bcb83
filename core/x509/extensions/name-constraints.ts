import type { DerReader } from '../../der/reader.ts';
import { contextConstructedTag } from '../../der/tags.ts';
import * as der from '../../der/writer.ts';
import { encodeGeneralName, readGeneralName, type GeneralName } from '../general-name.ts';
import { oids } from '../oids.ts';
import { x509Error } from '../x509-error.ts';
import { enterValue, extension, type Extension } from './extension.ts';

/** RFC 5280 §4.2.1.10, without minimum and maximum, which it forbids us to use. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

const maximumSubtrees = 100;

function encodeSubtrees(number: number, names: readonly GeneralName[]): der.Der[] {
  if (names.length === 0) return [];
  return [der.explicit(number, ...names.map((name) => der.sequence(encodeGeneralName(name))))];
}

export function nameConstraints({ permitted, excluded }: NameConstraints): Extension {
  const value = der.sequence(...encodeSubtrees(0, permitted), ...encodeSubtrees(1, excluded));
  return extension(oids.nameConstraints, true, value);
}

function readSubtrees(reader: DerReader | undefined): readonly GeneralName[] {
  if (reader === undefined) return [];
  return reader.list(maximumSubtrees, (list) => {
    const subtree = list.enter();
    const name = readGeneralName(subtree);
    if (!subtree.atEnd) {
      throw x509Error(
        'x509-name-constraints',
        'A name constraint has a minimum or maximum, which RFC 5280 §4.2.1.10 forbids.',
        'Make the certificate again without them.',
      );
    }
    return name;
  });
}

export function readNameConstraints(value: Uint8Array): NameConstraints {
  const reader = enterValue(value);
  const permitted = readSubtrees(reader.enterOptional(contextConstructedTag(0)));
  const excluded = readSubtrees(reader.enterOptional(contextConstructedTag(1)));
  reader.end();
  return { permitted, excluded };
}
