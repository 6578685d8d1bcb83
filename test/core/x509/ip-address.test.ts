import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpAddress, ipInRange, parseIpAddress, parseIpRange } from '../../../core/x509/ip-address.ts';

describe('IP addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
    ['::', '::'],
  ])('%s is read and written as %s (RFC 5952)', (text, canonical) => {
    const octets = parseIpAddress(text);
    expect(octets && formatIpAddress(octets)).toBe(canonical);
  });

  it.each([
    '192.0.2',
    '192.0.2.256',
    '192.0.02.1',
    '1::2::3',
    '192.0.2.1::',
    '1:192.0.2.1::2',
    '2001:db8::1%eth0',
    '',
    ':',
    '12345::',
  ])('%s is no address', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });

  it('a range with host bits set is refused, and one without holds its addresses only', () => {
    expect(() => parseIpRange('192.0.2.1/24')).toThrowError(expect.objectContaining({ code: 'x509-ip-address' }));
    const range = parseIpRange('192.0.2.0/25');
    expect(formatIpAddress(range)).toBe('192.0.2.0/25');
    expect(ipInRange(Uint8Array.of(192, 0, 2, 127), range)).toBe(true);
    expect(ipInRange(Uint8Array.of(192, 0, 2, 128), range)).toBe(false);
  });

  it('IPv6 addresses are written as the URL standard writes them, and read back', () => {
    const octet = fc.oneof(fc.constant(0), fc.nat(255));
    const address = fc.array(octet, { minLength: 16, maxLength: 16 }).map((octets) => Uint8Array.from(octets));
    fc.assert(
      fc.property(address, (octets) => {
        const text = formatIpAddress(octets);
        const groups = Buffer.from(octets).toString('hex').match(/..../gu) ?? [];
        expect(`[${text}]`).toBe(new URL(`http://[${groups.join(':')}]/`).hostname);
        expect(parseIpAddress(text)).toEqual(octets);
      }),
    );
  });

  it('no text is read as more than one address, whatever it is', () => {
    const text = fc.string({
      unit: fc.constantFrom('0', '1', '9', 'f', 'F', ':', '::', '.', '1.0.0.9', ' '),
      maxLength: 24,
    });
    fc.assert(
      fc.property(text, (input) => {
        const octets = parseIpAddress(input);
        const bracketed = input.includes(':') ? `[${input}]` : input;
        const theirs = octets === undefined ? undefined : new URL(`http://${bracketed}/`).hostname;
        expect(theirs?.replace(/^\[|\]$/gu, '')).toBe(octets && formatIpAddress(octets));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', '/8', '10.0.0.0/8/8', '::/129', '::1/127', 'a/8'])(
    '%s is no range',
    (text) => {
      expect(() => parseIpRange(text)).toThrowError(expect.objectContaining({ code: 'x509-ip-address' }));
    },
  );
});
