import { describe, expect, it } from 'vitest';
import { connectTokens } from '../../../../core/node/pkcs11/connect.ts';
import type { Token, TokenObject } from '../../../../core/ports/token.ts';
import { faultChildEntry, faultModule, faultSerial } from '../../../faults/fault-script.ts';
import { until } from '../../../support/until.ts';
import { refusalOf, withFaultToken } from './with-fault-token.ts';
import { coded } from './coded.ts';

const message = Buffer.from('to be signed');
const tokens = [{ keys: [{ algorithm: 'ec-p256' as const, label: 'there', id: '01' }] }];
const request = { algorithm: 'ec-p256' as const, label: 'new', id: Uint8Array.of(2) };
const selector = (objects: readonly TokenObject[]) => ({ spki: objects[0]?.spki ?? Uint8Array.of() });
const signWith = async (token: Token) => {
  const chosen = selector(await token.objects());
  return () => token.sign(chosen, 'ecdsa-sha256', message);
};

describe('a library that hangs', () => {
  it('in a signature is killed at the deadline; all that waits fails at once, and a new opening works', async () => {
    const script = { tokens, triggers: [{ call: 'C_Sign', on: 2, does: 'hang' as const }] };
    const options = { deadlines: { sign: 4000 } };
    await withFaultToken(
      script,
      async ({ openLoggedIn }) => {
        const token = await openLoggedIn();
        const sign = await signWith(token);
        await sign();
        const waiting = [sign(), sign(), token.objects(), sign()];
        for (const refusal of await Promise.all(waiting.map((each) => refusalOf(each, 'token-hung')))) {
          expect(refusal.message).toContain('4 s');
        }
        await expect(token.info()).rejects.toEqual(coded('token-hung'));
        await token.close();
        const again = await signWith(await openLoggedIn());
        expect(await again()).toBeInstanceOf(Uint8Array);
      },
      options,
    );
  });

  it.each([
    ['at its start', 'C_Initialize', 'other'],
    ['in a list', 'C_GetSlotList', 'other'],
    ['in a login', 'C_Login', 'login'],
  ] as const)('%s is killed as well', async (_, call, deadline) => {
    const script = { triggers: [{ call, does: 'hang' as const }] };
    await withFaultToken(
      script,
      async ({ openLoggedIn }) => {
        await expect(openLoggedIn()).rejects.toEqual(coded('token-hung'));
      },
      { deadlines: { [deadline]: 1500 } },
    );
  });

  it('in a key generation is killed after the deadline for that, and the remedy warns of a half-made key', async () => {
    const script = { quirks: { generateMilliseconds: 60_000 } };
    const options = { deadlines: { generate: 300 } };
    await withFaultToken(
      script,
      async ({ openLoggedIn }) => {
        const refusal = await refusalOf((await openLoggedIn()).generateKey(request), 'token-hung');
        expect(refusal.remedy).toContain('may or may not be there');
      },
      options,
    );
  });
});

describe('a slow key generation', () => {
  it('outlasts the other deadlines, and what is asked for meanwhile waits its turn', async () => {
    // Long enough for its process to start within them where a machine is busy.
    const script = { tokens, quirks: { generateMilliseconds: 15_500 } };
    const options = { deadlines: { other: 15_000, sign: 15_000 } };
    await withFaultToken(
      script,
      async ({ openLoggedIn, provider }) => {
        const token = await openLoggedIn();
        const sign = await signWith(token);
        const [made, objects, signed, listed] = await Promise.all([
          token.generateKey(request),
          token.objects(),
          sign(),
          provider.list(),
        ]);
        expect(made.label).toBe('new');
        expect(objects).toHaveLength(4);
        expect(signed).toBeInstanceOf(Uint8Array);
        expect(listed).toHaveLength(1);
      },
      options,
    );
  });
});

describe('a library that crashes', () => {
  it('fails what waits with the signal it died of, and a new opening works', async () => {
    const script = { tokens, triggers: [{ call: 'C_Sign', on: 2, does: 'abort' as const }] };
    await withFaultToken(script, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      const sign = await signWith(token);
      await sign();
      const refusals = await Promise.all([sign(), sign()].map((each) => refusalOf(each, 'token-process-died')));
      expect(refusals[0]?.message).toContain('SIGABRT');
      await expect(token.objects()).rejects.toEqual(coded('token-process-died'));
      const again = await signWith(await openLoggedIn());
      expect(await again()).toBeInstanceOf(Uint8Array);
    });
  });

  it('in a key generation leaves a warning that the key may be there', async () => {
    const script = { triggers: [{ call: 'C_GenerateKeyPair', does: 'abort' as const }] };
    await withFaultToken(script, async ({ openLoggedIn }) => {
      const refusal = await refusalOf((await openLoggedIn()).generateKey(request), 'token-process-died');
      expect(refusal.message).toContain('generateKey');
      expect(refusal.remedy).toContain('may or may not be there');
    });
  });

  it('does not take other libraries with it', async () => {
    const crashing = faultModule({ tokens, triggers: [{ call: 'C_Sign', does: 'abort' }] });
    const sound = faultModule({ tokens: tokens.map((token) => ({ ...token, serial: 'SOUND' })) });
    const provider = connectTokens({ crashing, sound }, { childEntry: faultChildEntry });
    try {
      const [bad, good] = [await provider.open(faultSerial), await provider.open('SOUND')];
      for (const token of [bad, good]) await token.login('314159');
      const [signBad, signGood] = [await signWith(bad), await signWith(good)];
      await expect(signBad()).rejects.toEqual(coded('token-process-died'));
      expect(await signGood()).toBeInstanceOf(Uint8Array);
    } finally {
      await provider.close();
    }
  });
});

describe('a connection', () => {
  it('that is closed refuses everything and has ended its processes', async () => {
    const provider = connectTokens({ fault: faultModule({ tokens }) }, { childEntry: faultChildEntry });
    const token = await provider.open(faultSerial);
    await provider.close();
    await provider.close();
    await expect(token.info()).rejects.toEqual(coded('token-closed'));
    await expect(provider.list()).rejects.toEqual(coded('token-closed'));
    await expect(provider.open(faultSerial)).rejects.toEqual(coded('token-closed'));
  });

  it('of two tokens with one serial wants the URI narrowed', async () => {
    const label = (text: string) => faultModule({ tokens: [{ label: text }] });
    const provider = connectTokens({ one: label('Root'), two: label('Spare') }, { childEntry: faultChildEntry });
    try {
      const refusal = await refusalOf(provider.open(faultSerial), 'token-ambiguous');
      expect(refusal.message).toMatch(/library "one".*library "two"/u);
      const token = await provider.open(`pkcs11:serial=${faultSerial};token=Spare`);
      expect((await token.info()).label).toBe('Spare');
    } finally {
      await provider.close();
    }
  });

  it.each(['LD_PRELOAD', 'NODE_OPTIONS', 'DYLD_INSERT_LIBRARIES', 'UV_THREADPOOL_SIZE', 'A=B', ''])(
    'refuses to set %s for a library',
    (name) => {
      expect(() => connectTokens({ vendor: { path: '/x', environment: { [name]: '1' } } })).toThrowError(
        expect.objectContaining({ code: 'token-module-environment' }),
      );
      expect(() => connectTokens({ vendor: { path: '/x', environment: { SOFTHSM2_CONF: '1' } } })).not.toThrow();
    },
  );

  it('hands on what a library writes to standard error, line by line and cut to length', async () => {
    const chatty = `warning\n${'x'.repeat(2000)}`;
    await withFaultToken({ quirks: { chatty } }, async ({ openLoggedIn, log }) => {
      await (await openLoggedIn()).objects();
      await until('both lines are there', () => log.length >= 2);
      expect(log[0]).toBe('fault: warning');
      expect(log[1]).toBe(`fault: ${'x'.repeat(500)}`);
    });
  });

  it('to an entry that speaks no protocol is refused', async () => {
    const provider = connectTokens({ fault: faultModule() }, { childEntry: '/nonexistent/child.ts' });
    try {
      await expect(provider.list()).rejects.toEqual(coded('token-process-died'));
    } finally {
      await provider.close();
    }
  });
});
