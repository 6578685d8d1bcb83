import { DerReader } from '../../der/reader.ts';
import { contextTag } from '../../der/tags.ts';
import * as der from '../../der/writer.ts';
import { oids } from '../oids.ts';
import { enterValue, extension, type Extension } from './extension.ts';

/** RFC 5280 §4.2.1.2. */
export function subjectKeyIdentifier(identifier: Uint8Array): Extension {
  return extension(oids.subjectKeyIdentifier, false, der.octetString(identifier));
}

export function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  const reader = DerReader.over(value);
  const identifier = reader.octetString();
  reader.end();
  return identifier;
}

/** RFC 5280 §4.2.1.1, keyIdentifier only (BR 7.1.2.11.1). */
export function authorityKeyIdentifier(identifier: Uint8Array): Extension {
  return extension(oids.authorityKeyIdentifier, false, der.sequence(der.implicit(0, identifier)));
}

/** `others` is true when authorityCertIssuer or authorityCertSerialNumber is there too. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array;
  readonly others: boolean;
}

export function readAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const reader = enterValue(value);
  const keyIdentifier = reader.peek() === contextTag(0) ? reader.content(contextTag(0)) : undefined;
  const others = !reader.atEnd;
  reader.list(2, (rest) => rest.element());
  return keyIdentifier === undefined ? { others } : { keyIdentifier, others };
}
