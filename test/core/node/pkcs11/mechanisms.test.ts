import { describe, expect, it } from 'vitest';
import * as p11 from '../../../../core/node/pkcs11/constants.ts';
import {
  chooseKeyMechanism,
  chooseSigningMechanism,
  curveParameters,
  keyMechanisms,
  signingInput,
  signingMechanisms,
} from '../../../../core/node/pkcs11/mechanisms.ts';
import { signatureAlgorithmNames, type SignatureAlgorithmName } from '../../../../core/ports/algorithm-names.ts';
import { toHex } from '../../../../core/ports/hex.ts';
import { signatureAlgorithms } from '../../../../core/x509/algorithms.ts';
import { coded } from './coded.ts';

const message = Buffer.from('abc');
const sha256OfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('mechanisms', () => {
  it('the curves are named by the DER of their object identifiers', () => {
    expect(curveParameters('ec-p256').toString('hex')).toBe('06082a8648ce3d030107');
    expect(curveParameters('ec-p384').toString('hex')).toBe('06052b81040022');
  });

  it('every signature algorithm has a way, and a token without any of its ways is refused', () => {
    for (const name of signatureAlgorithmNames) {
      const ways = signingMechanisms[name];
      for (const way of ways) {
        expect(chooseSigningMechanism(name, new Set([way.mechanism.mechanism]))).toBe(way);
      }
      expect(chooseSigningMechanism(name, new Set(ways.map((way) => way.mechanism.mechanism)))).toBe(ways[0]);
      expect(() => chooseSigningMechanism(name, new Set([0x1234]))).toThrowError(coded('token-mechanism-missing'));
    }
  });

  it('a key is only generated where it could also sign', () => {
    const generateOnly = new Set([p11.CKM_EC_KEY_PAIR_GEN]);
    const both = new Set([p11.CKM_EC_KEY_PAIR_GEN, p11.CKM_ECDSA]);
    expect(() => chooseKeyMechanism('ec-p256', generateOnly)).toThrowError(coded('token-mechanism-missing'));
    expect(() => chooseKeyMechanism('rsa-2048', both)).toThrowError(coded('token-mechanism-missing'));
    expect(chooseKeyMechanism('ec-p256', both)).toBe(keyMechanisms['ec-p256']);
  });

  it.each<[SignatureAlgorithmName, number]>([
    ['rsa-pss-sha256', 32],
    ['rsa-pss-sha384', 48],
    ['rsa-pss-sha512', 64],
  ])('the PSS parameters of %s are those in its AlgorithmIdentifier', (name, saltLength) => {
    for (const { mechanism } of signingMechanisms[name]) expect(mechanism.parameter?.saltLen).toBe(saltLength);
    const inIdentifier = signatureAlgorithms[name].identifier.at(-1);
    expect(inIdentifier).toBe(saltLength);
  });

  it('a way gets the message, its digest, or its DigestInfo (RFC 8017 §9.2 note 1)', () => {
    const [hashing, bare] = signingMechanisms['rsa-sha256'];
    const [ecdsa] = signingMechanisms['ecdsa-sha256'];
    if (hashing === undefined || bare === undefined || ecdsa === undefined) throw new Error('a way is missing');
    expect(toHex(signingInput(hashing, 'rsa-sha256', message))).toBe('616263');
    expect(toHex(signingInput(ecdsa, 'ecdsa-sha256', message))).toBe(sha256OfAbc);
    expect(toHex(signingInput(bare, 'rsa-sha256', message))).toBe(
      `3031300d060960864801650304020105000420${sha256OfAbc}`,
    );
  });
});
