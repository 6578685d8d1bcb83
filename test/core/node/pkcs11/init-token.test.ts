import { describe, expect, it } from 'vitest';
import { connectTokens } from '../../../../core/node/pkcs11/connect.ts';
import { createSoftHsm, softHsmMissing } from '../../../support/softhsm.ts';
import type { FaultScript } from '../../../faults/fault-script.ts';
import { coded } from './coded.ts';
import { withFaultToken } from './with-fault-token.ts';

type FaultToken = NonNullable<FaultScript['tokens']>[number];

const missing = softHsmMissing();
const soPin = 'so-pin-1234';
const pin = 'user-5678';
const blank = { label: '', serial: '', initialized: false, pinInitialized: false };

describe('initialising a token', () => {
  it('a blank one without a serial gets the label, the SO PIN and a user PIN that is proven', async () => {
    await withFaultToken({ tokens: [{ ...blank, serialOnInit: 'NEW1' }] }, async ({ provider, count }) => {
      expect(await provider.list()).toEqual([]);
      expect(await provider.blanks()).toMatchObject([{ serial: '', model: 'Fault' }]);
      await provider.initialize('blank:model=Fault', soPin, 'issuing');
      expect(await provider.blanks()).toEqual([]);
      expect(await provider.list()).toMatchObject([{ serial: 'NEW1', label: 'issuing', pinInitialized: false }]);
      await provider.setUserPin('pkcs11:serial=NEW1', soPin, pin);
      expect(count('C_InitPIN')).toBe(1);
      expect(count('C_Login')).toBe(2);
      const token = await provider.open('pkcs11:serial=NEW1;token=issuing');
      await token.login(pin);
    });
  });

  it('a name that fits no blank token, or several, initialises none', async () => {
    await withFaultToken({ tokens: [blank, { ...blank, model: 'Other' }] }, async ({ provider, count }) => {
      await expect(provider.initialize('blank:serial=NEW1', soPin, 'x')).rejects.toEqual(coded('token-missing'));
      await expect(provider.initialize('blank:', soPin, 'x')).rejects.toEqual(coded('token-ambiguous'));
      expect(count('C_InitToken')).toBe(0);
    });
  });

  it('a PIN that is too long for the token is refused before anything is asked of it', async () => {
    await withFaultToken({ tokens: [blank] }, async ({ provider, count }) => {
      const refused = provider.initialize('blank:', 'thirteen-long', 'x');
      await expect(refused).rejects.toEqual(coded('token-pin-length'));
      expect(count('C_InitToken')).toBe(0);
    });
  });

  it('a token in use is wiped only with its own SO PIN, and not on its last try', async () => {
    const inUse: FaultToken = { keys: [{ algorithm: 'ec-p256', label: 'old', id: '01' }] };
    await withFaultToken({ tokens: [inUse] }, async ({ provider, openLoggedIn }) => {
      const wrong = provider.initialize('pkcs11:serial=FAULT0001', 'not-it', 'new');
      await expect(wrong).rejects.toEqual(coded('token-so-pin-incorrect'));
      const before = await openLoggedIn();
      expect(await before.objects()).toHaveLength(2);
      await before.close();
      await provider.initialize('pkcs11:serial=FAULT0001', '271828', 'new');
      const after = await provider.open('pkcs11:serial=FAULT0001');
      expect(await after.info()).toMatchObject({ label: 'new', pinInitialized: false });
      expect(await after.objects()).toEqual([]);
    });
    for (const [soPinState, code] of [
      ['final-try', 'token-so-pin-final-try'],
      ['locked', 'token-so-pin-locked'],
    ] as const) {
      await withFaultToken({ tokens: [{ ...inUse, soPinState }] }, async ({ provider, count }) => {
        const refused = provider.initialize('pkcs11:serial=FAULT0001', '271828', 'new');
        await expect(refused).rejects.toEqual(coded(code));
        expect(count('C_InitToken')).toBe(0);
      });
    }
  });

  it('a token that is open elsewhere is not wiped', async () => {
    await withFaultToken({}, async ({ provider, openLoggedIn }) => {
      await openLoggedIn();
      const refused = provider.initialize('pkcs11:serial=FAULT0001', '271828', 'new');
      await expect(refused).rejects.toEqual(coded('token-busy'));
    });
  });

  it('a user PIN that the token took and does not know is not taken for set', async () => {
    await withFaultToken({ quirks: { forgetsInitPin: true } }, async ({ provider }) => {
      const refused = provider.setUserPin('pkcs11:serial=FAULT0001', '271828', pin);
      await expect(refused).rejects.toEqual(coded('token-pin-incorrect'));
    });
  });

  it('a wrong SO PIN sets no user PIN', async () => {
    await withFaultToken({}, async ({ provider, count }) => {
      const refused = provider.setUserPin('pkcs11:serial=FAULT0001', 'not-it', pin);
      await expect(refused).rejects.toEqual(coded('token-so-pin-incorrect'));
      expect(count('C_InitPIN')).toBe(0);
    });
  });

  it('a label that a token would pad or cut is malformed', async () => {
    await withFaultToken({ tokens: [blank] }, async ({ provider }) => {
      for (const label of ['', 'x'.repeat(33), ' x', 'größe', 'a\nb']) {
        await expect(provider.initialize('blank:', soPin, label)).rejects.toEqual(coded('token-request-malformed'));
      }
    });
  });

  it.skipIf(missing !== undefined)(
    `SoftHSM: a blank token gets a serial, and keeps it when it is wiped${missing === undefined ? '' : ` (SKIPPED: ${missing})`}`,
    async () => {
      const hsm = await createSoftHsm();
      const provider = connectTokens({ softhsm: { path: hsm.module, environment: hsm.environment } });
      try {
        expect(await provider.blanks()).toMatchObject([{ serial: '', label: '', model: 'SoftHSM v2' }]);
        await provider.initialize('blank:model=SoftHSM%20v2', soPin, 'first');
        const [made] = await provider.list();
        const uri = `pkcs11:serial=${made?.serial ?? ''}`;
        expect(made).toMatchObject({ label: 'first', pinInitialized: false });
        await expect(provider.setUserPin(uri, 'so-pin-wrong', pin)).rejects.toEqual(coded('token-so-pin-incorrect'));
        await provider.setUserPin(uri, soPin, pin);
        const token = await provider.open(uri);
        await token.login(pin);
        await token.generateKey({ algorithm: 'ec-p256', label: 'old', id: Uint8Array.of(1) });
        await token.close();
        await expect(provider.initialize(uri, 'so-pin-wrong', 'second')).rejects.toEqual(
          coded('token-so-pin-incorrect'),
        );
        await provider.initialize(uri, soPin, 'second');
        await provider.setUserPin(uri, soPin, 'another-pin');
        const wiped = await provider.open(uri);
        await wiped.login('another-pin');
        expect(await wiped.objects()).toEqual([]);
      } finally {
        await provider.close();
        await hsm.remove();
      }
    },
  );
});
