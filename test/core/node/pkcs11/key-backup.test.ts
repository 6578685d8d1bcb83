import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTokens, type TokenCall } from '../../../../core/node/pkcs11/connect.ts';
import * as p11 from '../../../../core/node/pkcs11/constants.ts';
import { nodeVerifier } from '../../../../core/node/crypto.ts';
import type { KeyAlgorithmName } from '../../../../core/ports/algorithm-names.ts';
import { utf8 } from '../../../../core/ports/bytes.ts';
import type { WrappedKey } from '../../../../core/ports/key-backup.ts';
import type { Token, TokenKey, TokenProvider } from '../../../../core/ports/token.ts';
import { keyAlgorithms } from '../../../../core/x509/algorithms.ts';
import { faultChildEntry, faultModule, faultPin, type FaultScript } from '../../../faults/fault-script.ts';
import { createSoftHsm, softHsmMissing, type SoftHsm } from '../../../support/softhsm.ts';
import { coded } from './coded.ts';

const pin = 'canary-271828182845';
const missing = softHsmMissing();
const id = (...octets: number[]) => Uint8Array.of(0xb0, ...octets);

function tampered(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

describe.skipIf(missing !== undefined)('a key on its way from one SoftHSM token to another', () => {
  let hsm: SoftHsm;
  let provider: TokenProvider & { close(): Promise<void> };
  let from: Token;
  let to: Token;
  let wrapping: TokenKey;
  const calls: TokenCall[] = [];
  const oaep = 'sha1';

  beforeAll(async () => {
    hsm = await createSoftHsm();
    const [one, other] = [await hsm.createToken('Root', pin), await hsm.createToken('Backup', pin)];
    provider = connectTokens(
      { softhsm: { path: hsm.module, environment: hsm.environment } },
      { onCall: (call) => calls.push(call) },
    );
    from = await provider.open(one.serial);
    to = await provider.open(other.serial);
    await from.login(pin);
    await to.login(pin);
    wrapping = await to.generateWrappingKey({ algorithm: 'rsa-3072', label: 'wrapping', id: id(0), oaep });
  });
  afterAll(async () => {
    await provider.close();
    await hsm.remove();
  });

  const make = (algorithm: KeyAlgorithmName, number: number) =>
    from.generateKey({ algorithm, label: `key-${number}`, id: id(number), wrappable: true });
  const wrap = (key: TokenKey) =>
    from.wrapKey({ key: { spki: key.spki, id: key.id }, wrappingSpki: wrapping.spki, oaep });
  const restore = (key: TokenKey, wrapped: WrappedKey, spki = key.spki) =>
    to.unwrapKey({ wrapping: { spki: wrapping.spki }, oaep, wrapped, spki, label: 'restored', id: id(0xff) });

  it('neither token lacks anything for it', async () => {
    expect([await from.backupLacks('wrap'), await to.backupLacks('restore')]).toEqual([[], []]);
  });

  it('the wrapping key unwraps and does nothing else', () => {
    expect(wrapping.attributes).toMatchObject({
      unwrap: true,
      sign: false,
      decrypt: false,
      derive: false,
      sensitive: true,
      extractable: false,
    });
  });

  it.each([
    ['ec-p256', 0x10],
    ['ec-p384', 0x11],
    ['rsa-2048', 0x12],
    ['rsa-4096', 0x13],
  ] as const)(
    '%s signs on the other token, may not leave that one, and nothing of the transport is left on either',
    async (algorithm, number) => {
      const key = await make(algorithm, number);
      expect(key.attributes).toMatchObject({ extractable: true, sensitive: true, modifiable: true });
      const restored = await restore(key, await wrap(key));
      expect(restored.spki).toEqual(key.spki);
      expect(restored.attributes).toMatchObject({ extractable: false, sensitive: true, sign: true, unwrap: false });
      const [how] = keyAlgorithms[algorithm].signatures;
      const message = utf8('by the restored key');
      expect(nodeVerifier(key.spki, how, message, await to.sign({ spki: key.spki }, how, message))).toBe(true);
      expect(await to.destroyKey(id(0xff))).toBe(2);
      for (const token of [from, to]) {
        const secrets = (await token.objects()).filter(({ kind }) => kind === 'secret-key');
        expect(secrets).toEqual([]);
      }
      expect((await to.objects()).map(({ label }) => label)).toEqual(['wrapping', 'wrapping']);
    },
    600_000,
  );

  it('a key that never leaves its token is refused by its own code', async () => {
    const key = await from.generateKey({ algorithm: 'ec-p256', label: 'kept', id: id(1) });
    await expect(wrap(key)).rejects.toEqual(coded('token-key-unextractable'));
  });

  it('a sealed key signs, and never leaves again', async () => {
    const key = await make('ec-p256', 2);
    await wrap(key);
    const selector = { spki: key.spki, id: key.id };
    for (const time of ['once', 'again']) {
      const sealed = await from.sealKey(selector);
      expect([time, sealed.attributes.extractable]).toEqual([time, false]);
    }
    await expect(wrap(key)).rejects.toEqual(coded('token-key-unextractable'));
    const message = utf8('still signs');
    const signature = await from.sign(selector, 'ecdsa-sha256', message);
    expect(nodeVerifier(key.spki, 'ecdsa-sha256', message, signature)).toBe(true);
  });

  it('a backup in which one bit was changed restores nothing', async () => {
    const key = await make('ec-p384', 3);
    const wrapped = await wrap(key);
    const before = await to.objects();
    for (const changed of [
      { ...wrapped, transport: tampered(wrapped.transport, 100) },
      { ...wrapped, key: tampered(wrapped.key, 20) },
    ]) {
      await expect(restore(key, changed)).rejects.toEqual(coded('token-backup-unreadable'));
    }
    expect(await to.objects()).toEqual(before);
  });

  it('a backup of another key is not taken for the one that was meant, and says what the token holds now', async () => {
    const [meant, other] = [await make('ec-p256', 4), await make('ec-p256', 5)];
    const error: unknown = await restore(meant, await wrap(other)).catch((reason: unknown) => reason);
    expect(error).toEqual(coded('token-wrong-key'));
    expect(error).toMatchObject({ remedy: expect.stringContaining('b0ff') as string });
    expect(await to.destroyKey(id(0xff))).toBe(2);
  });

  it('a key that is there already is not restored a second time', async () => {
    const key = await make('ec-p256', 6);
    const wrapped = await wrap(key);
    await restore(key, wrapped);
    const again = to.unwrapKey({
      wrapping: { spki: wrapping.spki },
      oaep,
      wrapped,
      spki: key.spki,
      label: 'again',
      id: id(0xfe),
    });
    await expect(again).rejects.toEqual(coded('token-key-there-already'));
    expect(await to.destroyKey(id(0xff))).toBe(2);
  });

  it('nothing is wrapped for a key of another kind, or for one too short', async () => {
    const key = await make('ec-p256', 7);
    const short = await from.generateKey({ algorithm: 'rsa-2048', label: 'short', id: id(8) });
    for (const { spki } of [key, short]) {
      const order = { key: { spki: key.spki }, wrappingSpki: spki, oaep } as const;
      await expect(from.wrapKey(order)).rejects.toEqual(coded('token-wrapping-key-type'));
    }
  });

  it('a hash the token does not know is refused, and leaves nothing behind', async () => {
    const key = await make('ec-p256', 9);
    const order = { key: { spki: key.spki }, wrappingSpki: wrapping.spki, oaep: 'sha256' } as const;
    await expect(from.wrapKey(order)).rejects.toEqual(coded('token-request-refused'));
    expect((await from.objects()).filter(({ kind }) => kind === 'secret-key')).toEqual([]);
  });

  it('the calls are told by name, and none of them tells a key', () => {
    const heard = new Set(calls.map((call) => call.function));
    for (const name of ['C_GenerateKey', 'C_WrapKey', 'C_UnwrapKey', 'C_CreateObject', 'C_SetAttributeValue']) {
      expect(heard).toContain(name);
    }
    expect(createPublicKey({ key: Buffer.from(wrapping.spki), format: 'der', type: 'spki' }).type).toBe('public');
  });
});

/** Two fault tokens in one library: a wrappable key on the first, a wrapping key on the second. */
async function withTwo(script: FaultScript, body: (from: Token, to: Token) => Promise<void>): Promise<void> {
  const tokens = [{ serial: 'FAULT0001' }, { serial: 'FAULT0002' }];
  const provider = connectTokens({ fault: faultModule({ tokens, ...script }) }, { childEntry: faultChildEntry });
  try {
    const [from, to] = [await provider.open('FAULT0001'), await provider.open('FAULT0002')];
    await from.login(faultPin);
    await to.login(faultPin);
    await body(from, to);
  } finally {
    await provider.close();
  }
}

const wrappingRequest = { algorithm: 'rsa-3072', label: 'wrapping', id: id(0), oaep: 'sha256' } as const;
const keyRequest = { algorithm: 'ec-p256', label: 'key', id: id(1), wrappable: true } as const;

describe('a token that', () => {
  it('has no fault, with SHA-256 in the envelope, takes a key from another', async () => {
    await withTwo({}, async (from, to) => {
      const wrapping = await to.generateWrappingKey(wrappingRequest);
      const { spki } = await from.generateKey(keyRequest);
      const wrapped = await from.wrapKey({ key: { spki }, wrappingSpki: wrapping.spki, oaep: 'sha256' });
      const order = {
        wrapping: { spki: wrapping.spki },
        oaep: 'sha256',
        wrapped,
        spki,
        label: 'key',
        id: id(2),
      } as const;
      expect(await to.unwrapKey(order)).toMatchObject({ label: 'key', algorithm: 'ec-p256' });
      expect((await to.objects()).filter(({ kind }) => kind === 'secret-key')).toEqual([]);
    });
  });

  it.each([
    ['wrap', p11.CKM_AES_KEY_WRAP_PAD, 'CKM_AES_KEY_WRAP_KWP or CKM_AES_KEY_WRAP_PAD to wrap'],
    ['restore', p11.CKM_RSA_PKCS_OAEP, 'CKM_RSA_PKCS_OAEP to unwrap'],
  ] as const)('lacks a mechanism to %s says which, and does nothing', async (task, mechanism, name) => {
    await withTwo({ quirks: { missingMechanisms: [mechanism] } }, async (from, to) => {
      expect(await from.backupLacks(task)).toEqual([name]);
      await expect(to.generateWrappingKey(wrappingRequest)).rejects.toEqual(coded('token-cannot-wrap'));
      expect(await to.objects()).toEqual([]);
    });
  });

  it('unwraps another transport key than the backup was made with is found out', async () => {
    await withTwo({}, async (from, to) => {
      const wrapping = await to.generateWrappingKey(wrappingRequest);
      const { spki } = await from.generateKey(keyRequest);
      const wrapped = await from.wrapKey({ key: { spki }, wrappingSpki: wrapping.spki, oaep: 'sha256' });
      const other = { ...wrapped, check: tampered(wrapped.check ?? new Uint8Array(3), 1) };
      const order = {
        wrapping: { spki: wrapping.spki },
        oaep: 'sha256',
        wrapped: other,
        spki,
        label: 'key',
        id: id(2),
      } as const;
      await expect(to.unwrapKey(order)).rejects.toEqual(coded('token-backup-unreadable'));
      expect((await to.objects()).map(({ label }) => label)).toEqual(['wrapping', 'wrapping']);
    });
  });

  it('wraps into what cannot be RFC 5649 is refused', async () => {
    await withTwo({ quirks: { wrapsBadly: true } }, async (from) => {
      const { spki } = await from.generateKey(keyRequest);
      const other = await from.generateKey({ algorithm: 'rsa-3072', label: 'other', id: id(3) });
      const order = { key: { spki }, wrappingSpki: other.spki, oaep: 'sha256' } as const;
      await expect(from.wrapKey(order)).rejects.toEqual(coded('token-wrap-malformed'));
    });
  });

  it('unwraps something else in silence is found out before any backup is made for it', async () => {
    await withTwo({ quirks: { unwrapsOther: true } }, async (_, to) => {
      await expect(to.generateWrappingKey(wrappingRequest)).rejects.toEqual(coded('token-wrong-key'));
    });
  });

  it('says it sealed a key and did not is found out', async () => {
    await withTwo({ quirks: { keepsExtractable: true } }, async (from) => {
      const { spki } = await from.generateKey(keyRequest);
      await expect(from.sealKey({ spki })).rejects.toEqual(coded('token-key-not-sealed'));
    });
  });

  it('keeps the key of the transport is refused', async () => {
    await withTwo(
      { quirks: { missingMechanisms: [] }, triggers: [{ call: 'C_DestroyObject', does: 0x6 }] },
      async (_, to) => {
        await expect(to.generateWrappingKey(wrappingRequest)).rejects.toEqual(coded('token-transport-key-left'));
      },
    );
  });
});
