import { derError } from '../../der/der-error.ts';
import { tags } from '../../der/tags.ts';
import * as der from '../../der/writer.ts';
import { oids } from '../oids.ts';
import { enterValue, extension, type Extension } from './extension.ts';

/** RFC 5280 §4.2.1.9. `pathLength` undefined means no limit. */
export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength?: number;
}

export function basicConstraints({ ca, pathLength }: BasicConstraints): Extension {
  const parts = ca ? [der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)])] : [];
  return extension(oids.basicConstraints, true, der.sequence(...parts));
}

export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const reader = enterValue(value);
  let ca = false;
  if (reader.peek() === tags.boolean) {
    ca = reader.boolean();
    if (!ca) throw derError('der-default-encoded', 0);
  }
  const pathLength = reader.atEnd ? undefined : reader.smallInteger(255);
  reader.end();
  return pathLength === undefined ? { ca } : { ca, pathLength };
}
