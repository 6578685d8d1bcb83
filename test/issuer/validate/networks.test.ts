import { describe, expect, it } from 'vitest';
import { NetworkPolicy } from '../../../issuer/validate/networks.ts';

const plain = new NetworkPolicy({ allowed: [], denied: [] });

describe('which addresses are connected to', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1::1'])('%s, which is public, is', (address) => {
    expect(plain.permits(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'fc00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::1',
    '2001::1',
    '2001:db8::1',
  ])('%s, which is ourselves, a neighbour or hides another address, is not', (address) => {
    expect(plain.permits(address)).toBe(false);
  });

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '2130706433', '127.0.0.1 ', 'fe80::1%eth0'])(
    '%j, which is not an address in its one form, is not',
    (address) => {
      expect(plain.permits(address)).toBe(false);
    },
  );

  it('are what is allowed beyond that, except what is denied', () => {
    const policy = new NetworkPolicy({ allowed: ['10.0.0.0/8', 'fd00::/8'], denied: ['10.9.0.0/16', '8.8.8.0/24'] });
    expect(['10.1.2.3', 'fd00::5', '1.1.1.1'].map((address) => policy.permits(address))).toEqual([true, true, true]);
    expect(['10.9.1.1', '8.8.8.8', '127.0.0.1', 'fe80::1'].map((address) => policy.permits(address))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
