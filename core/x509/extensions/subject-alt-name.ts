import * as der from '../../der/writer.ts';
import { encodeGeneralName, readGeneralName, type GeneralName } from '../general-name.ts';
import { oids } from '../oids.ts';
import { enterValue, extension, type Extension } from './extension.ts';

/** More names than a certificate or CSR may ask for here. */
const maximumSubjectAltNames = 100;

/** RFC 5280 §4.2.1.6; critical exactly when the subject is empty. */
export function subjectAltName(names: readonly GeneralName[], critical: boolean): Extension {
  return extension(oids.subjectAltName, critical, der.sequence(...names.map(encodeGeneralName)));
}

export function readSubjectAltName(value: Uint8Array): readonly GeneralName[] {
  return enterValue(value).list(maximumSubjectAltNames, readGeneralName);
}
