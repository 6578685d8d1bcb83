import { describe, expect, it } from 'vitest';
import { faultPin, faultSerial } from '../../../faults/fault-script.ts';
import { refusalOf, withFaultToken } from './with-fault-token.ts';
import { coded } from './coded.ts';

describe('login', () => {
  it('a locked token is refused before any try', async () => {
    await withFaultToken({ tokens: [{ triesLeft: 0 }] }, async ({ provider, count }) => {
      const token = await provider.open(faultSerial);
      expect((await token.info()).pinState).toBe('locked');
      await expect(token.login(faultPin, { riskFinalTry: true })).rejects.toEqual(coded('token-pin-locked'));
      expect(count('C_Login')).toBe(0);
    });
  });

  it('the final try is spent only where that was said', async () => {
    await withFaultToken({ tokens: [{ triesLeft: 1 }] }, async ({ provider, count }) => {
      const token = await provider.open(faultSerial);
      expect((await token.info()).pinState).toBe('final-try');
      await expect(token.login(faultPin)).rejects.toEqual(coded('token-pin-final-try'));
      expect(count('C_Login')).toBe(0);
      await token.login(faultPin, { riskFinalTry: true });
      expect((await token.info()).pinState).toBe('normal');
    });
  });

  it('a low count is no obstacle, and each wrong PIN says what is left', async () => {
    await withFaultToken({}, async ({ provider }) => {
      const token = await provider.open(faultSerial);
      expect((await refusalOf(token.login('000000'), 'token-pin-incorrect')).message).toContain('running low');
      expect((await token.info()).pinState).toBe('count-low');
      expect((await refusalOf(token.login('000000'), 'token-pin-incorrect')).message).toContain('One try is left');
      await expect(token.login('000000')).rejects.toEqual(coded('token-pin-final-try'));
      const last = await refusalOf(token.login('000000', { riskFinalTry: true }), 'token-pin-incorrect');
      expect(last.message).toContain('locked now');
      await expect(token.login(faultPin)).rejects.toEqual(coded('token-pin-locked'));
    });
  });

  it('a token whose PIN was never set is refused', async () => {
    await withFaultToken({ tokens: [{ pinInitialized: false }] }, async ({ provider }) => {
      const token = await provider.open(faultSerial);
      await expect(token.login(faultPin)).rejects.toEqual(coded('token-pin-not-initialized'));
    });
  });

  it('without a PIN the token’s own keypad is used, where it has one', async () => {
    await withFaultToken({ tokens: [{ protectedPath: true }] }, async ({ provider }) => {
      const token = await provider.open(faultSerial);
      await token.login(undefined);
      await token.generateKey({ algorithm: 'ec-p256', label: 'k', id: Uint8Array.of(1) });
    });
    await withFaultToken({}, async ({ provider, count }) => {
      const token = await provider.open(faultSerial);
      await expect(token.login(undefined)).rejects.toEqual(coded('token-pin-required'));
      expect(count('C_Login')).toBe(0);
    });
  });

  it('a PIN of impossible length costs no try', async () => {
    await withFaultToken({}, async ({ provider, count }) => {
      const token = await provider.open(faultSerial);
      await expect(token.login('123')).rejects.toEqual(coded('token-pin-length'));
      await expect(token.login('ä'.repeat(7))).rejects.toEqual(coded('token-pin-length'));
      expect(count('C_Login')).toBe(0);
    });
  });

  it('an error of the binding with the PIN in its text loses that text', async () => {
    const pin = 'canary271828';
    await withFaultToken({ tokens: [{ pin }], quirks: { leaksPin: true } }, async ({ provider, calls, log }) => {
      const token = await provider.open(faultSerial);
      const refusal = await refusalOf(token.login(pin), 'token-error');
      expect(refusal.message).toContain('C_Login (TypeError)');
      expect(calls.find((call) => call.function === 'C_Login')?.result).toBe('error');
      expect(JSON.stringify([refusal, refusal.message, calls, log])).not.toContain('canary');
    });
  });
});
