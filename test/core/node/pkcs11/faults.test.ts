import { describe, expect, it } from 'vitest';
import { nodeVerifier } from '../../../../core/node/crypto.ts';
import * as p11 from '../../../../core/node/pkcs11/constants.ts';
import type { KeyAlgorithmName } from '../../../../core/ports/algorithm-names.ts';
import type { Token, TokenObject } from '../../../../core/ports/token.ts';
import { keyAlgorithms } from '../../../../core/x509/algorithms.ts';
import type { FaultScript } from '../../../faults/fault-script.ts';
import { refusalOf, withFaultToken } from './with-fault-token.ts';
import { coded } from './coded.ts';

const id = Uint8Array.of(0xab, 0xcd);
const request = (algorithm: KeyAlgorithmName = 'ec-p256') => ({ algorithm, label: 'root-r1', id });
const message = Buffer.from('to be signed');
const oneKey = { keys: [{ algorithm: 'ec-p256' as const, label: 'there', id: '01' }] };

function spkiOf(objects: readonly TokenObject[], label: string): Uint8Array {
  const spki = objects.find((object) => object.label === label && object.kind === 'public-key')?.spki;
  if (spki === undefined) throw new Error(`no public key ${label}`);
  return spki;
}

/** The signature algorithms whose signatures by a new key verify. */
async function verifying(token: Token, algorithm: KeyAlgorithmName): Promise<string[]> {
  const { spki } = await token.generateKey(request(algorithm));
  const verified: string[] = [];
  for (const signature of keyAlgorithms[algorithm].signatures) {
    const signed = await token.sign({ spki }, signature, message);
    if (nodeVerifier(spki, signature, message, signed)) verified.push(signature);
  }
  return verified;
}

describe('a new key that is not what was asked for is refused after it was generated', () => {
  it.each<[string, FaultScript, string]>([
    ['extractable', { quirks: { extractable: true } }, 'token-key-attributes'],
    ['of a private half that is not its twin', { quirks: { wrongKey: true } }, 'token-wrong-key'],
    ['with its label cut', { quirks: { labelBytes: 4 } }, 'token-key-attributes'],
    ['with a point off its curve', { quirks: { ecPoint: 'off-curve' } }, 'token-public-key-invalid'],
    ['with a compressed point', { quirks: { ecPoint: 'compressed' } }, 'token-public-key-invalid'],
    ['that signs one byte too short', { quirks: { signatureBytes: -1 } }, 'token-signature-malformed'],
    ['that signs one byte too long', { quirks: { signatureBytes: 1 } }, 'token-signature-malformed'],
    ['that signs with r = 0', { quirks: { signatureShape: 'zero-r' } }, 'token-signature-malformed'],
    [
      'that cannot be read back, for the device is gone',
      { triggers: [{ call: 'C_FindObjectsInit', after: 'C_GenerateKeyPair', does: 0x32, forever: true }] },
      'token-device-removed',
    ],
    [
      'that cannot be signed with, for the session is gone',
      { triggers: [{ call: 'C_Sign', does: 0xb3 }] },
      'token-session-lost',
    ],
  ])('one %s', async (_, script, code) => {
    await withFaultToken(script, async ({ openLoggedIn, count }) => {
      const token = await openLoggedIn();
      const refusal = await refusalOf(token.generateKey(request()), code);
      expect(refusal.message).toContain('was generated');
      expect(refusal.remedy).toContain('abcd');
      expect(count('C_GenerateKeyPair')).toBe(1);
    });
  });

  it('an RSA key with exponent 3', async () => {
    await withFaultToken({ quirks: { exponent: 3 } }, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      await expect(token.generateKey(request('rsa-2048'))).rejects.toEqual(coded('token-public-key-invalid'));
    });
  });

  it('the refusal tells which attribute differs', async () => {
    await withFaultToken({ quirks: { extractable: true } }, async ({ openLoggedIn }) => {
      const refusal = await refusalOf((await openLoggedIn()).generateKey(request()), 'token-key-attributes');
      expect(refusal.message).toContain('CKA_EXTRACTABLE is true');
      expect(refusal.message).not.toContain('CKA_SENSITIVE');
    });
  });
});

describe('what tokens differ in without harm is accepted', () => {
  it.each<[string, FaultScript, KeyAlgorithmName]>([
    ['an EC point without its OCTET STRING', { quirks: { ecPoint: 'raw' } }, 'ec-p256'],
    ['a P-384 point without its OCTET STRING', { quirks: { ecPoint: 'raw' } }, 'ec-p384'],
    ['an EC point in its OCTET STRING', { quirks: { ecPoint: 'der' } }, 'ec-p384'],
    ['an r with a leading zero octet', { quirks: { signatureShape: 'r-leading-zero' } }, 'ec-p256'],
    ['an s with a leading zero octet', { quirks: { signatureShape: 's-leading-zero' } }, 'ec-p256'],
    ['r and s with their high bits set', { quirks: { signatureShape: 'high-bits' } }, 'ec-p384'],
    [
      'RSA mechanisms that do not hash',
      {
        quirks: {
          missingMechanisms: [
            p11.CKM_SHA256_RSA_PKCS,
            p11.CKM_SHA384_RSA_PKCS,
            p11.CKM_SHA512_RSA_PKCS,
            p11.CKM_SHA256_RSA_PKCS_PSS,
            p11.CKM_SHA384_RSA_PKCS_PSS,
            p11.CKM_SHA512_RSA_PKCS_PSS,
          ],
        },
      },
      'rsa-2048',
    ],
    ['a single session', { tokens: [{ maximumSessions: 1 }] }, 'ec-p256'],
    ['attributes it does not know', { quirks: { unknownAttributes: [p11.CKA_UNWRAP + 0x1000] } }, 'ec-p256'],
  ])('%s', async (_, script, algorithm) => {
    await withFaultToken(script, async ({ openLoggedIn }) => {
      expect(await verifying(await openLoggedIn(), algorithm)).toEqual(keyAlgorithms[algorithm].signatures);
    });
  });

  it('a label that middleware adds to is recorded as the token has it', async () => {
    await withFaultToken({ quirks: { labelSuffix: '.pvt' } }, async ({ openLoggedIn }) => {
      const key = await (await openLoggedIn()).generateKey(request());
      expect(key.label).toBe('root-r1.pvt');
    });
  });

  it('a token that does not know CKA_MODIFIABLE refuses the template once and then generates', async () => {
    const script = { quirks: { unknownAttributes: [p11.CKA_MODIFIABLE] } };
    await withFaultToken(script, async ({ openLoggedIn, calls }) => {
      const key = await (await openLoggedIn()).generateKey(request());
      expect(key.attributes.modifiable).toBe(true);
      const results = calls.filter((call) => call.function === 'C_GenerateKeyPair').map(({ result }) => result);
      expect(results).toEqual(['CKR_ATTRIBUTE_TYPE_INVALID', 'CKR_OK']);
    });
  });

  it('eight signatures at once share the sessions that a token has', async () => {
    for (const maximumSessions of [1, 2, 3]) {
      await withFaultToken({ tokens: [{ ...oneKey, maximumSessions }] }, async ({ openLoggedIn, count }) => {
        const token = await openLoggedIn();
        const spki = spkiOf(await token.objects(), 'there');
        const all = Array.from({ length: 8 }, () => token.sign({ spki }, 'ecdsa-sha256', message));
        for (const signed of await Promise.all(all)) {
          expect(nodeVerifier(spki, 'ecdsa-sha256', message, signed)).toBe(true);
        }
        expect(count('C_OpenSession')).toBe(maximumSessions);
      });
    }
  });

  it('a token that runs out of sessions before it said it would makes do with what it has', async () => {
    const script = { tokens: [oneKey], triggers: [{ call: 'C_OpenSession', on: 3, does: p11.CKR_SESSION_COUNT }] };
    await withFaultToken(script, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      const spki = spkiOf(await token.objects(), 'there');
      const all = Array.from({ length: 8 }, () => token.sign({ spki }, 'ecdsa-sha256', message));
      expect(await Promise.all(all)).toHaveLength(8);
    });
  });
});

describe('generation is never repeated on a guess', () => {
  it.each([
    ['CKR_FUNCTION_FAILED', 0x6, 'token-function-failed'],
    ['CKR_DEVICE_ERROR', 0x30, 'token-device-error'],
    ['CKR_DEVICE_MEMORY', 0x31, 'token-full'],
    ['CKR_SESSION_HANDLE_INVALID', 0xb3, 'token-session-lost'],
    ['CKR_DEVICE_REMOVED', 0x32, 'token-device-removed'],
    ['a value of the vendor’s', 0x80000123, 'token-error'],
  ])('%s ends it', async (_, value, code) => {
    const script = { triggers: [{ call: 'C_GenerateKeyPair', does: value }] };
    await withFaultToken(script, async ({ openLoggedIn, count }) => {
      const refusal = await refusalOf((await openLoggedIn()).generateKey(request()), code);
      expect(refusal.remedy).toContain('abcd');
      expect(count('C_GenerateKeyPair')).toBe(1);
    });
  });

  it('a token that cannot sign with such a key is not asked to make one', async () => {
    const script = { quirks: { missingMechanisms: [p11.CKM_ECDSA] } };
    await withFaultToken(script, async ({ openLoggedIn, count }) => {
      await expect((await openLoggedIn()).generateKey(request())).rejects.toEqual(coded('token-mechanism-missing'));
      expect(count('C_GenerateKeyPair')).toBe(0);
    });
  });

  it('a value of the vendor’s is shown in hexadecimal', async () => {
    const script = { triggers: [{ call: 'C_GenerateKeyPair', does: 0x80000123 }] };
    await withFaultToken(script, async ({ openLoggedIn, calls }) => {
      const refusal = await refusalOf((await openLoggedIn()).generateKey(request()), 'token-error');
      expect(refusal.message).toContain('0x80000123');
      expect(calls.find((call) => call.function === 'C_GenerateKeyPair')?.result).toBe('0x80000123');
    });
  });
});

describe('a key is exactly one key', () => {
  it('two keys with one label are told apart by public key, and the label is not given out again', async () => {
    const keys = ['01', '02'].map((each) => ({ algorithm: 'ec-p256' as const, label: 'root-r1', id: each }));
    await withFaultToken({ tokens: [{ keys }] }, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      for (const { id, spki } of await token.objects()) {
        const found = await token.findKey({ spki: spki ?? Uint8Array.of() });
        expect(Buffer.from(found.id).toString('hex')).toBe(id);
      }
      await expect(token.generateKey(request())).rejects.toEqual(coded('token-key-label-exists'));
    });
  });

  it('two keys with one CKA_ID are refused by name, for finding, signing and destroying', async () => {
    const keys = ['one', 'two'].map((label) => ({ algorithm: 'ec-p256' as const, label, id: '07' }));
    await withFaultToken({ tokens: [{ keys }] }, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      const objects = await token.objects();
      expect(objects.filter(({ kind }) => kind === 'private-key').every(({ spki }) => spki === undefined)).toBe(true);
      const spki = spkiOf(objects, 'one');
      const refusal = await refusalOf(token.findKey({ spki }), 'token-key-ambiguous');
      expect(refusal.message).toMatch(/"one".*"two"/u);
      await expect(token.sign({ spki }, 'ecdsa-sha256', message)).rejects.toEqual(coded('token-key-ambiguous'));
      await expect(token.destroyKey(Uint8Array.of(7))).rejects.toEqual(coded('token-key-ambiguous'));
      expect(await token.objects()).toHaveLength(4);
    });
  });

  it('a public key without its private half is missing', async () => {
    const keys = [{ algorithm: 'ec-p256' as const, label: 'half', id: '07', only: 'public' as const }];
    await withFaultToken({ tokens: [{ keys }] }, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      await expect(token.findKey({ spki: spkiOf(await token.objects(), 'half') })).rejects.toEqual(
        coded('token-key-missing'),
      );
      expect(await token.destroyKey(Uint8Array.of(7))).toBe(1);
    });
  });

  it('a public key without CKA_ID has no private half that could be told', async () => {
    const keys = [{ algorithm: 'ec-p256' as const, label: 'nameless', id: '' }];
    await withFaultToken({ tokens: [{ keys }] }, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      await expect(token.findKey({ spki: spkiOf(await token.objects(), 'nameless') })).rejects.toEqual(
        coded('token-key-missing'),
      );
    });
  });

  it('a key that wants a PIN for each signature is refused for signing', async () => {
    const keys = [{ algorithm: 'ec-p256' as const, label: 'piv', id: '9c', alwaysAuthenticate: true }];
    await withFaultToken({ tokens: [{ keys }] }, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      const spki = spkiOf(await token.objects(), 'piv');
      await expect(token.sign({ spki }, 'ecdsa-sha256', message)).rejects.toEqual(
        coded('token-key-always-authenticate'),
      );
    });
  });

  it('a handle that went stale is looked up once more before signing', async () => {
    const script = { tokens: [oneKey], triggers: [{ call: 'C_SignInit', on: 2, does: p11.CKR_KEY_HANDLE_INVALID }] };
    await withFaultToken(script, async ({ openLoggedIn, count }) => {
      const token = await openLoggedIn();
      const spki = spkiOf(await token.objects(), 'there');
      await token.sign({ spki }, 'ecdsa-sha256', message);
      const signed = await token.sign({ spki }, 'ecdsa-sha256', message);
      expect(nodeVerifier(spki, 'ecdsa-sha256', message, signed)).toBe(true);
      expect(count('C_SignInit')).toBe(3);
    });
  });

  it('a token that only says it destroyed a key is found out', async () => {
    await withFaultToken({ tokens: [oneKey], quirks: { keepsDestroyed: true } }, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      await expect(token.destroyKey(Uint8Array.of(1))).rejects.toEqual(coded('token-key-not-destroyed'));
    });
  });
});

describe('a session that is lost', () => {
  it.each([
    ['CKR_SESSION_HANDLE_INVALID', 0xb3, 'token-session-lost'],
    ['CKR_SESSION_CLOSED', 0xb0, 'token-session-lost'],
    ['CKR_DEVICE_REMOVED', 0x32, 'token-device-removed'],
    ['CKR_TOKEN_NOT_PRESENT', 0xe0, 'token-device-removed'],
    ['CKR_CRYPTOKI_NOT_INITIALIZED', 0x190, 'token-session-lost'],
  ])('%s in a signature ends this opening of the token, and a new one works', async (_, value, code) => {
    const script = { tokens: [oneKey], triggers: [{ call: 'C_Sign', does: value }] };
    await withFaultToken(script, async ({ openLoggedIn, count }) => {
      const token = await openLoggedIn();
      const spki = spkiOf(await token.objects(), 'there');
      await expect(token.sign({ spki }, 'ecdsa-sha256', message)).rejects.toEqual(coded(code));
      const signed = count('C_Sign');
      await expect(token.sign({ spki }, 'ecdsa-sha256', message)).rejects.toEqual(coded(code));
      await expect(token.objects()).rejects.toEqual(coded(code));
      expect(count('C_Sign')).toBe(signed);
      await token.close();
      const again = await openLoggedIn();
      const signature = await again.sign({ spki }, 'ecdsa-sha256', message);
      expect(nodeVerifier(spki, 'ecdsa-sha256', message, signature)).toBe(true);
    });
  });

  it('CKR_USER_NOT_LOGGED_IN asks for a login and the same opening goes on', async () => {
    const script = { tokens: [oneKey], triggers: [{ call: 'C_SignInit', does: 0x101 }] };
    await withFaultToken(script, async ({ openLoggedIn }) => {
      const token = await openLoggedIn();
      const spki = spkiOf(await token.objects(), 'there');
      await expect(token.sign({ spki }, 'ecdsa-sha256', message)).rejects.toEqual(coded('token-not-logged-in'));
      expect(await token.sign({ spki }, 'ecdsa-sha256', message)).toBeInstanceOf(Uint8Array);
    });
  });

  it('a library that shut itself down is started again by the next list', async () => {
    const script = { triggers: [{ call: 'C_GetSlotList', on: 2, does: p11.CKR_CRYPTOKI_NOT_INITIALIZED }] };
    await withFaultToken(script, async ({ provider, count }) => {
      expect(await provider.list()).toHaveLength(1);
      expect(await provider.list()).toHaveLength(1);
      expect(count('C_Initialize')).toBe(2);
    });
  });
});
