import pkcs11js from 'pkcs11js';
import { describe, expect, it } from 'vitest';
import * as constants from '../../../../core/node/pkcs11/constants.ts';

describe('PKCS#11 constants', () => {
  it('are those of the standard’s header, as pkcs11js has them', () => {
    const theirs = pkcs11js as unknown as Readonly<Record<string, unknown>>;
    const compared = Object.entries(constants).filter(([name]) => name in theirs);
    expect(compared).toEqual(compared.map(([name]) => [name, theirs[name]]));
    expect(compared.length).toBe(Object.keys(constants).length);
  });

  it('the tag of a PSS parameter is pkcs11js’s own', () => {
    expect(pkcs11js.CK_PARAMS_RSA_PSS).toBe(5);
  });
});
