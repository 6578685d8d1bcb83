import { describe, expect, it } from 'vitest';
import { addressSubject } from '../../../issuer/acme/handlers/limited.ts';

describe('the address that accounts are counted by', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '20010db800010002/64'],
    ['2001:DB8:1:2::', '20010db800010002/64'],
    // As some proxies write them.
    ['192.0.2.1:50123', '192.0.2.1'],
    ['[2001:db8:1:2::9]:50123', '20010db800010002/64'],
    ['[2001:db8:1:2::9]', '20010db800010002/64'],
  ])('of %s is %s', (address, subject) => {
    expect(addressSubject(address)).toBe(subject);
  });

  it.each(['', 'unknown', '_hidden', '192.0.2.01', '192.0.2.1:x', 'fe80::1%eth0', '192.0.2.1\u0000', 'x'.repeat(9000)])(
    'is one and the same for what is none (%#)',
    (address) => {
      expect(addressSubject(address)).toBe('unknown');
    },
  );
});
