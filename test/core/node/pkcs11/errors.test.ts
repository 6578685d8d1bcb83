import pkcs11js from 'pkcs11js';
import { describe, expect, it } from 'vitest';
import { ReturnValueError, returned, returnValueName, returnValues } from '../../../../core/node/pkcs11/errors.ts';

describe('the table of return values', () => {
  const known = Object.entries(pkcs11js).filter(
    (entry): entry is [string, number] =>
      entry[0].startsWith('CKR_') && typeof entry[1] === 'number' && !/CKR_(OK|VENDOR_DEFINED)$/u.test(entry[0]),
  );

  it('has every value of the standard’s header under the standard’s name', () => {
    expect(known.length).toBeGreaterThan(80);
    for (const [name, value] of known) expect([value, returnValueName(value)]).toEqual([value, name]);
  });

  it('says of each what it means and what to do, in sentences', () => {
    const names = new Set<string>();
    for (const [value, [name, code, meaning, remedy]] of returnValues) {
      expect(value).toBeGreaterThan(0);
      expect(code).toMatch(/^token-[a-z-]+$/u);
      expect(meaning).toMatch(/^\S.*[^.]$/u);
      expect(remedy).toMatch(/^[A-Z].*\.$/u);
      names.add(name);
    }
    expect(names.size).toBe(returnValues.size);
  });

  it.each([
    [0xa0, 'token-pin-incorrect'],
    [0xa4, 'token-pin-locked'],
    [0xb0, 'token-session-lost'],
    [0xb3, 'token-session-lost'],
    [0x32, 'token-device-removed'],
    [0x101, 'token-not-logged-in'],
    [0x70, 'token-mechanism-missing'],
    [0x99, 'token-error'],
    [0x80000001, 'token-error'],
  ])('%i becomes %s', (value, code) => {
    const error = new ReturnValueError('C_Sign', value);
    expect(error.code).toBe(code);
    expect(error.message).toContain('C_Sign');
    expect(error.message).toContain(returnValueName(value));
    expect(returned(error, value)).toBe(true);
    expect(returned(error, value + 1)).toBe(false);
  });

  it('shows a value that is in no standard in hexadecimal', () => {
    expect(returnValueName(0x80000001)).toBe('0x80000001');
    expect(returnValueName(0x99)).toBe('0x00000099');
    expect(returnValueName(0)).toBe('CKR_OK');
  });
});
