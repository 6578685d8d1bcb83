import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenCall } from '../../../../core/node/pkcs11/connect.ts';
import { nodeVerifier } from '../../../../core/node/crypto.ts';
import type { KeyAlgorithmName } from '../../../../core/ports/algorithm-names.ts';
import { toHex } from '../../../../core/ports/hex.ts';
import { formatTokenUri } from '../../../../core/ports/pkcs11-uri.ts';
import type { Token, TokenKey, TokenProvider } from '../../../../core/ports/token.ts';
import { keyAlgorithms } from '../../../../core/x509/algorithms.ts';
import { readSpki } from '../../../../core/x509/spki.ts';
import { coded } from './coded.ts';

/** A device for the contract to be tried on: one blank token, and what was heard of it. */
export interface ContractDevice {
  readonly provider: TokenProvider & { close(): Promise<void> };
  readonly serial: string;
  readonly pin: string;
  /** Of allowed length. */
  readonly wrongPin: string;
  /** The RSA size to generate: large ones take long, so each device makes one. */
  readonly rsa: KeyAlgorithmName;
  readonly calls: readonly TokenCall[];
  readonly log: readonly string[];
  remove(): Promise<void>;
}

/** What every token promises to the ceremony and the issuer, whatever is behind it. */
export function tokenContract(name: string, start: () => Promise<ContractDevice>): void {
  describe(`token contract: ${name}`, () => {
    let device: ContractDevice;
    let token: Token;
    const keys = new Map<KeyAlgorithmName, TokenKey>();
    const heard: string[] = [];

    const refused = async (attempt: Promise<unknown>): Promise<Error> => {
      const error: unknown = await attempt.then(
        () => new Error('it was not refused'),
        (reason: unknown) => reason,
      );
      heard.push(JSON.stringify(error, Object.getOwnPropertyNames(error)));
      return error as Error;
    };
    const key = (algorithm: KeyAlgorithmName): TokenKey => {
      const made = keys.get(algorithm);
      if (made === undefined) throw new Error(`the test that generates ${algorithm} did not pass`);
      return made;
    };
    const id = (...octets: number[]) => Uint8Array.of(0xc0, ...octets);

    beforeAll(async () => {
      device = await start();
    });
    afterAll(async () => {
      await device.provider.close();
      await device.remove();
    });

    it('the list shows the token and no blank slot', async () => {
      const infos = await device.provider.list();
      expect(infos.map(({ serial }) => serial)).toContain(device.serial);
      expect(infos.every(({ label, serial }) => label !== '' && serial !== '')).toBe(true);
    });

    it('a token that is not there is refused, naming those that are', async () => {
      const error = await refused(device.provider.open('pkcs11:serial=nowhere'));
      expect(error).toEqual(coded('token-missing'));
      expect(error.message).toContain(device.serial);
    });

    it('a token is opened by serial, by URI, and not by a URI that asks for more than it is', async () => {
      const bySerial = await device.provider.open(device.serial);
      const info = await bySerial.info();
      expect(info).toMatchObject({ serial: device.serial, pinState: 'normal', pinInitialized: true });
      await bySerial.close();
      expect(await refused(device.provider.open(formatTokenUri({ ...info, label: 'Other' })))).toEqual(
        coded('token-missing'),
      );
      token = await device.provider.open(formatTokenUri(info));
    });

    it('without login nothing is generated', async () => {
      expect(await refused(token.generateKey({ algorithm: 'ec-p256', label: 'early', id: id(0xee) }))).toEqual(
        coded('token-not-logged-in'),
      );
      expect(await token.objects()).toEqual([]);
    });

    it('a missing, impossible or wrong PIN is refused and the right one accepted, even twice', async () => {
      expect(await refused(token.login(undefined))).toEqual(coded('token-pin-required'));
      expect(await refused(token.login('1'))).toEqual(coded('token-pin-length'));
      expect(await refused(token.login(device.wrongPin))).toEqual(coded('token-pin-incorrect'));
      await token.login(device.pin);
      await token.login(device.pin);
    });

    const algorithms: readonly (KeyAlgorithmName | 'rsa')[] = ['ec-p256', 'ec-p384', 'rsa'];
    it.each(algorithms)('a generated %s key reads back as asked for', async (kind) => {
      const algorithm = kind === 'rsa' ? device.rsa : kind;
      const request = { algorithm, label: `contract ${kind}`, id: id(algorithms.indexOf(kind), 0xff) };
      const made = await token.generateKey(request);
      keys.set(algorithm, made);
      expect(made).toMatchObject({
        ...request,
        attributes: {
          token: true,
          private: true,
          sensitive: true,
          extractable: false,
          sign: true,
          decrypt: false,
          unwrap: false,
          derive: false,
          modifiable: false,
        },
      });
      expect(readSpki(made.spki).algorithm).toBe(algorithm);
      expect(() => createPublicKey({ key: Buffer.from(made.spki), format: 'der', type: 'spki' })).not.toThrow();
      expect(await token.findKey({ spki: made.spki })).toEqual(made);
      expect(await token.findKey({ spki: made.spki, id: made.id })).toEqual(made);
    });

    it('every signature algorithm of a key verifies in software', async () => {
      for (const [algorithm, { spki, id }] of keys) {
        for (const signature of keyAlgorithms[algorithm].signatures) {
          for (const message of [Buffer.of(0), Buffer.alloc(100_000, signature)]) {
            const signed = await token.sign({ spki, id }, signature, message);
            expect([signature, nodeVerifier(spki, signature, message, signed)]).toEqual([signature, true]);
          }
        }
      }
    });

    it('whatever a token makes of an empty message, it is of use afterwards', async () => {
      const { spki } = key(device.rsa);
      // SoftHSM refuses it and leaves the operation active in that session.
      for (let count = 0; count < 10; count += 1) {
        const empty = await token.sign({ spki }, 'rsa-sha256', new Uint8Array()).catch(() => undefined);
        expect(empty === undefined || nodeVerifier(spki, 'rsa-sha256', new Uint8Array(), empty)).toBe(true);
      }
      const signature = await token.sign({ spki }, 'rsa-sha256', Buffer.of(1));
      expect(nodeVerifier(spki, 'rsa-sha256', Buffer.of(1), signature)).toBe(true);
      expect(await token.objects()).toHaveLength(keys.size * 2);
    });

    it('a signature algorithm that is not the key’s is refused', async () => {
      const { spki } = key('ec-p256');
      expect(await refused(token.sign({ spki }, 'ecdsa-sha384', Buffer.from('x')))).toEqual(
        coded('signature-algorithm-mismatch'),
      );
      expect(await refused(token.sign({ spki }, 'rsa-sha256', Buffer.from('x')))).toEqual(
        coded('signature-algorithm-mismatch'),
      );
    });

    it('the inventory shows both halves of each key', async () => {
      const objects = await token.objects();
      expect(objects).toHaveLength(keys.size * 2);
      for (const { id, label, spki, algorithm, attributes } of keys.values()) {
        const common = { id: toHex(id), label, spki, algorithm };
        expect(objects).toContainEqual({ kind: 'public-key', ...common });
        expect(objects).toContainEqual({ kind: 'private-key', ...common, attributes });
      }
    });

    it('a CKA_ID or label that is taken is refused and nothing is generated', async () => {
      const before = await token.objects();
      const { id: taken, label } = key('ec-p256');
      expect(await refused(token.generateKey({ algorithm: 'ec-p384', label: 'new', id: taken }))).toEqual(
        coded('token-key-id-exists'),
      );
      expect(await refused(token.generateKey({ algorithm: 'ec-p384', label, id: id(9) }))).toEqual(
        coded('token-key-label-exists'),
      );
      expect(await token.objects()).toEqual(before);
    });

    it.each([
      ['an empty CKA_ID', { label: 'x', id: new Uint8Array() }],
      ['a CKA_ID of more than 64 bytes', { label: 'x', id: new Uint8Array(65) }],
      ['an empty label', { label: '', id: Uint8Array.of(1) }],
      ['a label with a line feed', { label: 'a\nb', id: Uint8Array.of(1) }],
    ])('a key request with %s is refused', async (_, request) => {
      expect(await refused(token.generateKey({ algorithm: 'ec-p256', ...request }))).toEqual(
        coded('token-request-malformed'),
      );
    });

    it('a key is found by public key and CKA_ID together or not at all', async () => {
      const [one, other] = [key('ec-p256'), key('ec-p384')];
      expect(await refused(token.findKey({ spki: one.spki, id: other.id }))).toEqual(coded('token-key-missing'));
      expect(await refused(token.findKey({ spki: Uint8Array.of(0x30, 0) }))).toEqual(coded('token-key-missing'));
      expect(await refused(token.sign({ spki: one.spki, id: id(8) }, 'ecdsa-sha256', Buffer.of(1)))).toEqual(
        coded('token-key-missing'),
      );
    });

    it('forty signatures asked for at once are all made, each over its own message', async () => {
      const { spki } = key('ec-p256');
      const messages = Array.from({ length: 40 }, (_, index) => Buffer.from(`message ${index}`));
      const signed = await Promise.all(messages.map((message) => token.sign({ spki }, 'ecdsa-sha256', message)));
      for (const [index, message] of messages.entries()) {
        expect(nodeVerifier(spki, 'ecdsa-sha256', message, signed[index] ?? Buffer.of())).toBe(true);
      }
    });

    it('an inventory in the midst of signatures disturbs none', async () => {
      const { spki } = key('ec-p256');
      const message = Buffer.from('busy');
      const signatures = Array.from({ length: 12 }, () => token.sign({ spki }, 'ecdsa-sha256', message));
      const objects = token.objects();
      const more = Array.from({ length: 12 }, () => token.sign({ spki }, 'ecdsa-sha256', message));
      expect(await objects).toHaveLength(keys.size * 2);
      for (const signature of await Promise.all([...signatures, ...more])) {
        expect(nodeVerifier(spki, 'ecdsa-sha256', message, signature)).toBe(true);
      }
    });

    it('a destroyed key is gone for every opening of the token, and the others stay', async () => {
      const second = await device.provider.open(device.serial);
      const { spki, id } = key('ec-p384');
      const message = Buffer.from('last');
      expect(nodeVerifier(spki, 'ecdsa-sha384', message, await second.sign({ spki }, 'ecdsa-sha384', message))).toBe(
        true,
      );
      expect(await token.destroyKey(id)).toBe(2);
      expect(await token.destroyKey(id)).toBe(0);
      expect(await refused(token.sign({ spki, id }, 'ecdsa-sha384', message))).toEqual(coded('token-key-missing'));
      expect(await refused(second.sign({ spki }, 'ecdsa-sha384', message))).toEqual(coded('token-key-missing'));
      await second.close();
      const left = key('ec-p256');
      const signature = await token.sign({ spki: left.spki }, 'ecdsa-sha256', message);
      expect(nodeVerifier(left.spki, 'ecdsa-sha256', message, signature)).toBe(true);
    });

    it('a closed token does nothing more, closing again is harmless, and login ends with the last opening', async () => {
      const { spki } = key('ec-p256');
      await token.close();
      await token.close();
      expect(await refused(token.info())).toEqual(coded('token-closed'));
      const again = await device.provider.open(device.serial);
      expect(await refused(again.sign({ spki }, 'ecdsa-sha256', Buffer.of(1)))).toEqual(coded('token-key-missing'));
      await again.close();
    });

    it('every call was reported with its return value and token, and the PIN is nowhere', async () => {
      const login = device.calls.filter((call) => call.function === 'C_Login');
      expect(login.map(({ result }) => result)).toEqual(['CKR_PIN_INCORRECT', 'CKR_OK', 'CKR_USER_ALREADY_LOGGED_IN']);
      expect(login.every((call) => call.token === device.serial)).toBe(true);
      const everything = JSON.stringify([device.calls, device.log, heard]);
      expect(heard.length).toBeGreaterThan(10);
      expect(everything).not.toContain(device.pin);
      expect(everything).not.toContain(device.wrongPin);
    });
  });
}
