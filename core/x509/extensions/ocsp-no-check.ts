import { DerReader } from '../../der/reader.ts';
import * as der from '../../der/writer.ts';
import { oids } from '../oids.ts';
import { extension, type Extension } from './extension.ts';

/** RFC 6960 §4.2.2.2.1: clients trust the signer of their answers for as long as its certificate lasts, and ask no further. */
export const ocspNoCheck: Extension = extension(oids.ocspNoCheck, false, der.nullValue());

/** Its value is NULL and says nothing. */
export function readOcspNoCheck(value: Uint8Array): true {
  const reader = DerReader.over(value);
  reader.null();
  reader.end();
  return true;
}
