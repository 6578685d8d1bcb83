import { describe, expect, it } from 'vitest';
import { faultPin, faultSerial } from '../../../faults/fault-script.ts';
import { createSoftHsm, softHsmMissing } from '../../../support/softhsm.ts';
import { connectTokens } from '../../../../core/node/pkcs11/connect.ts';
import { coded } from './coded.ts';
import { withFaultToken } from './with-fault-token.ts';

const missing = softHsmMissing();

describe('changing a PIN', () => {
  it('asks the token twice, so that the new one is proven; a wrong old one, or an impossible new one, changes nothing', async () => {
    await withFaultToken({}, async ({ provider, count }) => {
      const token = await provider.open(faultSerial);
      await expect(token.changePin('000000', 'new-pin-1234')).rejects.toEqual(coded('token-pin-incorrect'));
      await expect(token.changePin(faultPin, 'x'.repeat(200))).rejects.toEqual(coded('token-pin-length'));
      expect(count('C_SetPIN')).toBe(1);
      await token.changePin(faultPin, 'new-pin-1234');
      expect(count('C_SetPIN')).toBe(3);
      await token.login('new-pin-1234');
    });
  });

  it.skipIf(missing !== undefined)(
    `on SoftHSM, the old one opens nothing afterwards${missing === undefined ? '' : ` (SKIPPED: ${missing})`}`,
    async () => {
      const hsm = await createSoftHsm();
      const provider = connectTokens({ softhsm: { path: hsm.module, environment: hsm.environment } });
      try {
        const { serial } = await hsm.createToken('root', 'old-pin-1234');
        const token = await provider.open(serial);
        await token.login('old-pin-1234');
        await token.changePin('old-pin-1234', 'new-pin-5678');
        await token.close();
        const again = await provider.open(serial);
        await expect(again.login('old-pin-1234')).rejects.toEqual(coded('token-pin-incorrect'));
        await again.login('new-pin-5678');
      } finally {
        await provider.close();
        await hsm.remove();
      }
    },
  );
});
