import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatTokenUri,
  matchesToken,
  parsePkcs11Uri,
  parseTokenName,
  type NamedToken,
} from '../../../core/ports/pkcs11-uri.ts';
import { utf8 } from '../../../core/ports/bytes.ts';

const softHsm: NamedToken = {
  serial: 'd1a2b3c4d5e6f708',
  label: 'Root R1; spare',
  manufacturer: 'SoftHSM project',
  model: 'SoftHSM v2',
};

function field(maximumBytes: number, minLength: number) {
  return fc
    .string({ unit: 'grapheme', minLength, maxLength: maximumBytes })
    .filter((text) => utf8(text).length <= maximumBytes);
}

const anyToken = fc.record({
  serial: field(16, 1),
  label: field(32, 0),
  manufacturer: field(32, 0),
  model: field(16, 0),
});

describe('PKCS#11 URIs of tokens (RFC 7512)', () => {
  it('a URI names a token by serial, and label, manufacturer and model narrow it', () => {
    expect(parsePkcs11Uri('pkcs11:serial=00A1')).toEqual({ serial: '00A1' });
    expect(parsePkcs11Uri('PKCS11:token=Root%20R1;manufacturer=A%26B&C;model=v2;serial=00A1')).toEqual({
      serial: '00A1',
      token: 'Root R1',
      manufacturer: 'A&B&C',
      model: 'v2',
    });
  });

  it('every token gets a URI that names it again', () => {
    fc.assert(
      fc.property(anyToken, (token) => {
        expect(matchesToken(parsePkcs11Uri(formatTokenUri(token)), token)).toBe(true);
      }),
    );
  });

  it('the URI of one token does not name another', () => {
    fc.assert(
      fc.property(anyToken, anyToken, (one, other) => {
        fc.pre(one.serial !== other.serial);
        expect(matchesToken(parsePkcs11Uri(formatTokenUri(one)), other)).toBe(false);
      }),
    );
  });

  it.each(['serial', 'label', 'manufacturer', 'model'] as const)('a token with another %s does not match', (name) => {
    const uri = parsePkcs11Uri(formatTokenUri(softHsm));
    expect(matchesToken(uri, softHsm)).toBe(true);
    expect(matchesToken(uri, { ...softHsm, [name]: 'other' })).toBe(false);
  });

  it('an attribute that the URI leaves out may have any value', () => {
    expect(matchesToken({ serial: softHsm.serial }, softHsm)).toBe(true);
  });

  it.each([
    ['no scheme', 'serial=1', 'pkcs11-uri-malformed'],
    ['nothing after the scheme', 'pkcs11:', 'pkcs11-uri-malformed'],
    ['an empty part', 'pkcs11:serial=1;', 'pkcs11-uri-malformed'],
    ['a name without value', 'pkcs11:serial', 'pkcs11-uri-malformed'],
    ['a cut-off percent-encoding', 'pkcs11:serial=1%2', 'pkcs11-uri-malformed'],
    ['a percent-encoding that is not hex', 'pkcs11:serial=1%zz', 'pkcs11-uri-malformed'],
    ['a percent-encoding that is not UTF-8', 'pkcs11:serial=%ff', 'pkcs11-uri-malformed'],
    ['a raw space', 'pkcs11:serial=a b', 'pkcs11-uri-malformed'],
    ['a raw non-ASCII letter', 'pkcs11:serial=ü', 'pkcs11-uri-malformed'],
    ['a second query', 'pkcs11:serial=1?a=b?c=d', 'pkcs11-uri-malformed'],
    ['a serial longer than any token has', 'pkcs11:serial=12345678901234567', 'pkcs11-uri-malformed'],
    ['a text of more than 1024 characters', `pkcs11:serial=${'%41'.repeat(400)}`, 'pkcs11-uri-malformed'],
    ['no serial', 'pkcs11:token=Root', 'pkcs11-uri-serial-missing'],
    ['an empty serial', 'pkcs11:serial=;token=Root', 'pkcs11-uri-serial-missing'],
    ['a repeated attribute', 'pkcs11:serial=1;serial=1', 'pkcs11-uri-attribute-repeated'],
    ['an unknown attribute', 'pkcs11:serial=1;x-vendor=2', 'pkcs11-uri-attribute-unknown'],
    ['an attribute in capitals', 'pkcs11:Serial=1', 'pkcs11-uri-attribute-unknown'],
    ['a name of Object.prototype', 'pkcs11:serial=1;constructor=2', 'pkcs11-uri-attribute-unknown'],
    ['an unknown query attribute', 'pkcs11:serial=1?x=2', 'pkcs11-uri-attribute-unknown'],
    ['a PIN', 'pkcs11:serial=1?pin-value=271828', 'pkcs11-uri-pin'],
    ['a PIN in the path', 'pkcs11:serial=1;pin-value=271828', 'pkcs11-uri-pin'],
    ['a PIN file', 'pkcs11:serial=1?pin-source=file:/pin', 'pkcs11-uri-pin'],
    ['a slot number', 'pkcs11:slot-id=0', 'pkcs11-uri-slot'],
    ['a slot description', 'pkcs11:serial=1;slot-description=x', 'pkcs11-uri-slot'],
    ['an object', 'pkcs11:serial=1;object=key', 'pkcs11-uri-object'],
    ['a key id', 'pkcs11:serial=1;id=%01', 'pkcs11-uri-object'],
    ['a library path', 'pkcs11:serial=1?module-path=/tmp/evil.so', 'pkcs11-uri-module'],
    ['a library version', 'pkcs11:serial=1;library-version=3', 'pkcs11-uri-module'],
  ])('%s is refused', (_, text, code) => {
    expect(() => parsePkcs11Uri(text)).toThrowError(expect.objectContaining({ code }));
  });

  it('no refusal repeats a value of the URI, for it may be a PIN', () => {
    for (const text of ['pkcs11:serial=1?pin-value=271828', 'pkcs11:serial=1;pin=271828', 'pkcs11:serial=1;271828']) {
      let message = '';
      try {
        parsePkcs11Uri(text);
      } catch (error) {
        message = JSON.stringify(error, Object.getOwnPropertyNames(error));
      }
      expect(message).toContain('pkcs11-uri-');
      expect(message).not.toContain('271828');
    }
  });

  it('a bare serial is a name too, and anything else must be a whole URI', () => {
    expect(parseTokenName('00A1 b-2.c_3')).toEqual({ serial: '00A1 b-2.c_3' });
    expect(parseTokenName('pkcs11:serial=1')).toEqual({ serial: '1' });
    expect(() => parseTokenName('serial=1')).toThrowError(expect.objectContaining({ code: 'pkcs11-uri-malformed' }));
    expect(() => parseTokenName('')).toThrowError(expect.objectContaining({ code: 'pkcs11-uri-malformed' }));
  });
});
