import { describe, expect, it } from 'vitest';
import { connectTokens, type TokenCall } from '../../../../core/node/pkcs11/connect.ts';
import { createSoftHsm, softHsmMissing } from '../../../support/softhsm.ts';
import { tokenContract } from './contract.ts';

const missing = softHsmMissing();
const pin = 'canary-271828182845';

describe.skipIf(missing !== undefined)(`SoftHSM ${missing === undefined ? '' : `SKIPPED: ${missing}`}`, () => {
  tokenContract('SoftHSM', async () => {
    const hsm = await createSoftHsm();
    await hsm.createToken('Another', 'another-pin');
    const { serial } = await hsm.createToken('Contract', pin);
    const calls: TokenCall[] = [];
    const log: string[] = [];
    const provider = connectTokens(
      { softhsm: { path: hsm.module, environment: hsm.environment } },
      { onCall: (call) => calls.push(call), log: (line) => log.push(line) },
    );
    const wrongPin = 'canary-314159265358';
    return { provider, serial, pin, wrongPin, rsa: 'rsa-4096', calls, log, remove: hsm.remove };
  });

  describe('its tokens and libraries', () => {
    it('two stores are two libraries, and a token is found in whichever has it', async () => {
      const [one, other] = [await createSoftHsm(), await createSoftHsm()];
      const [first, second] = [await one.createToken('Root', pin), await other.createToken('Root', pin)];
      const provider = connectTokens({
        one: { path: one.module, environment: one.environment },
        other: { path: other.module, environment: other.environment },
      });
      try {
        expect((await provider.list()).map(({ serial }) => serial)).toEqual([first.serial, second.serial]);
        const token = await provider.open(`pkcs11:token=Root;serial=${second.serial}`);
        await token.login(pin);
        await token.generateKey({ algorithm: 'ec-p256', label: 'only here', id: Uint8Array.of(1) });
        const elsewhere = await provider.open(`pkcs11:token=Root;serial=${first.serial}`);
        expect(await elsewhere.objects()).toEqual([]);
        expect(await token.objects()).toHaveLength(2);
      } finally {
        await provider.close();
        await one.remove();
        await other.remove();
      }
    });

    it('a token is found again after its slot number has changed', async () => {
      const hsm = await createSoftHsm();
      const { serial } = await hsm.createToken('First', pin);
      const open = async () => {
        const provider = connectTokens({ softhsm: { path: hsm.module, environment: hsm.environment } });
        try {
          return await (await provider.open(serial)).info();
        } finally {
          await provider.close();
        }
      };
      try {
        expect(await open()).toMatchObject({ label: 'First' });
        await hsm.createToken('Second', pin);
        await hsm.createToken('Third', pin);
        expect(await open()).toMatchObject({ label: 'First' });
      } finally {
        await hsm.remove();
      }
    });

    it('a library that is not there is refused by name', async () => {
      const provider = connectTokens({ vendor: { path: '/nonexistent/libvendor.so' } });
      try {
        await expect(provider.list()).rejects.toEqual(
          expect.objectContaining({
            code: 'token-module-unloadable',
            message: expect.stringContaining('/nonexistent/libvendor.so') as string,
          }),
        );
      } finally {
        await provider.close();
      }
    });
  });
});
