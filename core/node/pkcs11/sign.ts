import type { SignatureAlgorithmName } from '../../ports/algorithm-names.ts';
import type { KeySelector } from '../../ports/token.ts';
import { chooseSignature, signatureAlgorithms } from '../../x509/algorithms.ts';
import { ecdsaRawToDer } from '../../x509/ecdsa-signature.ts';
import { readAttributes } from './attributes.ts';
import * as p11 from './constants.ts';
import { returned, tokenError } from './errors.ts';
import { locateKey, type KeyPair } from './find-key.ts';
import { chooseSigningMechanism, keyMechanisms, signingInput, type SigningMechanism } from './mechanisms.ts';
import type { OpenToken } from './open-token.ts';
import type { Session } from './session.ts';

const maximumRemembered = 256;

function remembered(token: OpenToken, session: Session, selector: KeySelector): KeyPair {
  const id = selector.id === undefined ? '' : Buffer.from(selector.id).toString('hex');
  const name = `${Buffer.from(selector.spki).toString('base64')}:${id}`;
  const known = token.keys.get(name);
  if (known !== undefined) return known;
  const pair = locateKey(session, selector);
  refuseAlwaysAuthenticate(session, pair);
  if (token.keys.size >= maximumRemembered) token.keys.clear();
  token.keys.set(name, pair);
  return pair;
}

/** Such keys want a PIN for every signature, which this layer has no way to ask for. */
function refuseAlwaysAuthenticate(session: Session, pair: KeyPair): void {
  const values = readAttributes(session, pair.privateKey, [p11.CKA_ALWAYS_AUTHENTICATE]);
  if ((values.get(p11.CKA_ALWAYS_AUTHENTICATE)?.[0] ?? 0) === 0) return;
  throw tokenError(
    'token-key-always-authenticate',
    `The key with CKA_ID ${pair.id.toString('hex')} asks for a PIN at every signature.`,
    'Use a key without CKA_ALWAYS_AUTHENTICATE.',
  );
}

/** Starts the operation; a handle that went stale is looked up once more, before anything was signed. */
function begin(token: OpenToken, session: Session, selector: KeySelector, algorithm: SignatureAlgorithmName) {
  const start = (): { pair: KeyPair; way: SigningMechanism } => {
    const pair = remembered(token, session, selector);
    chooseSignature(pair.algorithm, algorithm);
    const way = chooseSigningMechanism(algorithm, token.mechanisms);
    session.cryptoki.C_SignInit(session.handle, way.mechanism, pair.privateKey);
    return { pair, way };
  };
  try {
    return start();
  } catch (error) {
    if (!returned(error, p11.CKR_KEY_HANDLE_INVALID, p11.CKR_OBJECT_HANDLE_INVALID)) throw error;
    token.keys.clear();
    return start();
  }
}

/** Room for the longest signature (RSA-4096) and to see that a token gives more than it should. */
const outputBytes = 1024;

async function signIn(
  token: OpenToken,
  session: Session,
  selector: KeySelector,
  algorithm: SignatureAlgorithmName,
  message: Uint8Array,
): Promise<Uint8Array> {
  const { pair, way } = begin(token, session, selector, algorithm);
  const input = signingInput(way, algorithm, message);
  const signature = await session.cryptoki.C_SignAsync(session.handle, input, Buffer.alloc(outputBytes));
  // pkcs11js holds no reference to its input while another thread reads it: this one keeps it from being collected.
  input.fill(0);
  const expected = keyMechanisms[pair.algorithm].signatureBytes;
  const ecdsa = signatureAlgorithms[algorithm].scheme === 'ecdsa';
  if (signature.length !== expected || (ecdsa && hasZeroHalf(signature))) {
    throw tokenError(
      'token-signature-malformed',
      `The token gave a signature of ${signature.length} bytes that cannot be one of ${pair.algorithm} (${expected}).`,
      'Do not use it. Stop and ask the vendor.',
    );
  }
  return ecdsa ? ecdsaRawToDer(signature) : Uint8Array.from(signature);
}

/** r and s are never zero (FIPS 186-5 §6.4). */
function hasZeroHalf(raw: Buffer): boolean {
  const half = raw.length / 2;
  return raw.subarray(0, half).every((byte) => byte === 0) || raw.subarray(half).every((byte) => byte === 0);
}

/** A signature as X.509 carries it. Whether it verifies is for the caller to check, with the key in the certificate. */
export async function sign(
  token: OpenToken,
  selector: KeySelector,
  algorithm: SignatureAlgorithmName,
  message: Uint8Array,
): Promise<Uint8Array> {
  const session = await token.sessions.acquire();
  try {
    const signature = await signIn(token, session, selector, algorithm, message);
    token.sessions.release(session);
    return signature;
  } catch (error) {
    token.sessions.discard(session);
    throw error;
  }
}
