import { describe, expect, it } from 'vitest';
import { oddities } from '../../../core/ceremony/oddities.ts';
import type { TokenObject } from '../../../core/ports/token.ts';
import { makeVendor } from '../../support/attestation.ts';
import { asGenerated } from '../../support/memory/token.ts';

const spki = Uint8Array.of(0x30, 0);
const other = Uint8Array.of(0x30, 1, 0);
const attributes = { ...asGenerated, extractable: true, neverExtractable: false };

const key = (change: Partial<TokenObject> = {}): TokenObject => ({
  kind: 'private-key',
  label: 'a',
  id: '01',
  ...change,
});
const half = (change: Partial<TokenObject> = {}): TokenObject => ({
  kind: 'public-key',
  label: 'a',
  id: '01',
  ...change,
});

describe('what an inventory makes people look at twice', () => {
  it('nothing about pairs, whatever holds their halves together', () => {
    expect(oddities([key(), half()], [])).toEqual([]);
    expect(oddities([key({ spki }), half({ spki, id: '99' })], [])).toEqual([]);
    expect(oddities([key(), half(), key({ label: 'b', id: '02' }), half({ label: 'b', id: '02' })], [])).toEqual([]);
  });

  it.each([
    [
      'a label twice',
      [key(), key({ id: '02' }), half(), half({ id: '02', label: 'b' })],
      ['2 private keys share the label "a"'],
    ],
    ['a CKA_ID twice', [key(), key({ label: 'b' }), half()], ['2 private keys share the CKA_ID "01"']],
    [
      'one key twice',
      [key({ spki }), key({ spki, label: 'b', id: '02' }), half({ spki }), half({ label: 'b', id: '02', spki: other })],
      ['2 private keys are one and the same key: "a", "b"'],
    ],
    [
      'public halves that share everything',
      [key(), half({ spki }), half({ spki })],
      [
        '2 public keys share the label "a"',
        '2 public keys share the CKA_ID "01"',
        '2 public keys are one and the same key: "a", "a"',
      ],
    ],
    ['no public half', [key()], ['"a" has no public half here']],
    ['no private half', [half()], ['"a" is a public key without its private half']],
    ['no CKA_ID', [key({ id: '', spki }), half({ spki })], ['"a" has no CKA_ID']],
    ['a key that can leave', [key({ attributes }), half()], ['"a" can be taken off the token']],
    ['a secret key', [{ kind: 'secret-key', label: 's', id: '' } as const], ['"s" is a secret key']],
  ])('%s', (_, objects, expected) => {
    expect(oddities(objects, [])).toEqual(expected);
  });

  it('a certificate whose key is not there: told by the public key, and by CKA_ID where it cannot be read', async () => {
    const { certificate } = (await makeVendor()).ca;
    const own = { spki: certificate.tbs.spki };
    const lying = { label: 'c', id: '', der: certificate.raw };
    const objects = [key(own), half(own)];
    expect(oddities(objects, [lying])).toEqual([]);
    expect(oddities([key({ spki }), half({ spki })], [lying])).toEqual(['"c" is a certificate without its key']);
    const unread = { label: 'u', id: '01', der: Uint8Array.of(1, 2, 3) };
    expect(oddities(objects, [unread])).toEqual([]);
    expect(oddities(objects, [{ ...unread, id: '02' }])).toEqual(['"u" is a certificate without its key']);
  });
});
