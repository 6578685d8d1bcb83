import { describe, expect, it } from 'vitest';
import * as p11 from '../../../../core/node/pkcs11/constants.ts';
import { describeToken, isInitialized } from '../../../../core/node/pkcs11/token-info.ts';

const raw = {
  label: 'Root R1'.padEnd(32),
  manufacturerID: 'Vendor\0\0\0rubbish'.padEnd(32),
  model: ''.padEnd(16),
  serialNumber: '0001'.padEnd(16, '\0'),
  flags: p11.CKF_TOKEN_INITIALIZED | p11.CKF_USER_PIN_INITIALIZED,
  maxSessionCount: 0,
  minPinLen: 6,
  maxPinLen: 12,
  firmwareVersion: { major: 3, minor: 14 },
};

describe('CK_TOKEN_INFO', () => {
  it('loses its padding, and what a library left behind a zero octet', () => {
    expect(describeToken(raw)).toEqual({
      label: 'Root R1',
      manufacturer: 'Vendor',
      model: '',
      serial: '0001',
      firmware: '3.14',
      pinState: 'normal',
      pinInitialized: true,
      protectedPath: false,
      pinLength: { minimum: 6, maximum: 12 },
    });
  });

  it.each([
    [p11.CKF_USER_PIN_COUNT_LOW, 'count-low'],
    [p11.CKF_USER_PIN_COUNT_LOW | p11.CKF_USER_PIN_FINAL_TRY, 'final-try'],
    [p11.CKF_USER_PIN_FINAL_TRY | p11.CKF_USER_PIN_LOCKED, 'locked'],
  ])('the worst of its PIN flags counts (%i: %s)', (flags, pinState) => {
    expect(describeToken({ ...raw, flags })).toMatchObject({ pinState, pinInitialized: false });
  });

  it('a slot without an initialised token is told apart', () => {
    expect(isInitialized(raw)).toBe(true);
    expect(isInitialized({ ...raw, flags: 0 })).toBe(false);
  });
});
