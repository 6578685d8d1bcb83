import { DerReader } from '../../der/reader.ts';
import * as der from '../../der/writer.ts';
import { tags } from '../../der/tags.ts';
import { derError } from '../../der/der-error.ts';
import { x509Error } from '../x509-error.ts';

/** An extension as it stands in a certificate, CRL or request: `value` is the DER inside the OCTET STRING. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** More extensions than any certificate of ours or of a client's CSR has. */
const maximumExtensions = 64;

export function encodeExtension(extension: Extension): der.Der {
  const critical = extension.critical ? [der.boolean(true)] : [];
  return der.sequence(der.oid(extension.oid), ...critical, der.octetString(extension.value));
}

/** SEQUENCE OF Extension from inside its own SEQUENCE; at least one, each OID at most once (RFC 5280 §4.2). */
export function readExtensions(sequence: DerReader): readonly Extension[] {
  if (sequence.atEnd) throw derError('der-empty-list', 0);
  const seen = new Set<string>();
  return sequence.list(maximumExtensions, (reader) => {
    const inner = reader.enter();
    const oid = inner.oid();
    let critical = false;
    if (inner.peek() === tags.boolean) {
      critical = inner.boolean();
      if (!critical) throw derError('der-default-encoded', 0);
    }
    const value = inner.octetString();
    inner.end();
    if (seen.has(oid)) {
      throw x509Error('x509-extension-repeated', `The extension ${oid} stands there twice.`, 'Make it again with one.');
    }
    seen.add(oid);
    return { oid, critical, value };
  });
}

/** A reader inside the one SEQUENCE that is an extension's whole value. */
export function enterValue(value: Uint8Array): DerReader {
  const outer = DerReader.over(value);
  const inner = outer.enter();
  outer.end();
  return inner;
}

/** Builds an extension from DER still to be laid out. */
export function extension(oid: string, critical: boolean, value: der.Der): Extension {
  return { oid, critical, value: der.encode(value) };
}
