import { describe, expect, it } from 'vitest';
import { formatIpAddress, ipInRange, parseIpAddress, parseIpRange } from '../../../core/x509/ip-address.ts';

describe('IP addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['::', '::'],
  ])('%s is read and written as %s (RFC 5952)', (text, canonical) => {
    const octets = parseIpAddress(text);
    expect(octets && formatIpAddress(octets)).toBe(canonical);
  });

  it.each(['192.0.2', '192.0.2.256', '192.0.02.1', '1::2::3', '2001:db8::1%eth0', '', ':', '12345::'])(
    '%s is no address',
    (text) => {
      expect(parseIpAddress(text)).toBeUndefined();
    },
  );

  it('a range with host bits set is refused, and one without holds its addresses only', () => {
    expect(() => parseIpRange('192.0.2.1/24')).toThrowError(expect.objectContaining({ code: 'x509-ip-address' }));
    const range = parseIpRange('192.0.2.0/25');
    expect(formatIpAddress(range)).toBe('192.0.2.0/25');
    expect(ipInRange(Uint8Array.of(192, 0, 2, 127), range)).toBe(true);
    expect(ipInRange(Uint8Array.of(192, 0, 2, 128), range)).toBe(false);
  });
});
