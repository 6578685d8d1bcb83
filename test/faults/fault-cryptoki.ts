import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import * as p11 from '../../core/node/pkcs11/constants.ts';
import type {
  Attribute,
  AttributeValue,
  Cryptoki,
  CryptokiTokenInfo,
  Handle,
  Mechanism,
  WrappingMechanism,
} from '../../core/node/pkcs11/cryptoki.ts';
import { ecdsaRaw, pssOverDigest, pssOverMessage, rsaOverDigestInfo, rsaOverMessage } from './fault-crypto.ts';
import { makePair, makePairSync, publicAttributes, valueOf, type FaultObject, type Pair } from './fault-objects.ts';
import type { FaultQuirks, faultScript, FaultTokenScript } from './fault-script.ts';
import { handleOf, hashOf, mechanisms, numberOf, type FaultSession, type FaultToken } from './fault-state.ts';
import { fail } from './fault-triggers.ts';
import { checkValue, importedRsa, mechanismFlags, unwrapped, wrapped } from './fault-wrap.ts';

type Script = z.infer<typeof faultScript>;

/**
 * A PKCS#11 library in memory, as strict as the standard lets one be: one search and one signature per session, private
 * objects and signing only after login, handles never used twice. The script's quirks make it lie.
 */
export class FaultCryptoki implements Cryptoki {
  readonly #quirks: FaultQuirks;
  readonly #tokens: readonly FaultToken[];
  readonly #sessions = new Map<number, FaultSession>();
  #initialized = false;
  #lastHandle = 0x1000;

  constructor({ tokens, quirks }: Script) {
    this.#quirks = quirks;
    this.#tokens = tokens.map((script) => this.#makeToken(script));
  }

  #makeToken(script: FaultTokenScript): FaultToken {
    const objects = new Map<number, FaultObject>();
    const token = { script, objects, triesLeft: script.triesLeft, loggedIn: false, soLoggedIn: false };
    for (const { algorithm, label, id, only, alwaysAuthenticate } of script.keys) {
      const common: [number, Buffer][] = [
        [p11.CKA_ID, Buffer.from(id, 'hex')],
        [p11.CKA_LABEL, Buffer.from(label)],
        [p11.CKA_TOKEN, valueOf(true)],
      ];
      const privateTemplate = new Map([
        ...common,
        [p11.CKA_SIGN, valueOf(true)],
        [p11.CKA_SENSITIVE, valueOf(true)],
        [p11.CKA_EXTRACTABLE, valueOf(false)],
        [p11.CKA_ALWAYS_AUTHENTICATE, valueOf(alwaysAuthenticate)],
      ] as [number, Buffer][]);
      const { publicKey, privateKey } = this.#addPair(token, makePairSync(algorithm), new Map(common), privateTemplate);
      if (only === 'public') objects.delete(privateKey);
      if (only === 'private') objects.delete(publicKey);
    }
    return token;
  }

  #addPair(
    token: FaultToken,
    pair: Pair,
    publicTemplate: ReadonlyMap<number, Buffer>,
    privateTemplate: ReadonlyMap<number, Buffer>,
  ): { publicKey: number; privateKey: number } {
    const derived = publicAttributes(pair.publicKey, this.#quirks.ecPoint);
    const publicKey = this.#add(token, {
      attributes: new Map([[p11.CKA_CLASS, valueOf(p11.CKO_PUBLIC_KEY)], ...publicTemplate, ...derived]),
    });
    const claims: [number, Buffer][] = [
      [p11.CKA_CLASS, valueOf(p11.CKO_PRIVATE_KEY)],
      [p11.CKA_PRIVATE, valueOf(true)],
      [p11.CKA_DECRYPT, valueOf(false)],
      [p11.CKA_UNWRAP, valueOf(false)],
      [p11.CKA_DERIVE, valueOf(false)],
      [p11.CKA_MODIFIABLE, valueOf(true)],
      [p11.CKA_LOCAL, valueOf(true)],
      [p11.CKA_ALWAYS_SENSITIVE, valueOf(true)],
      [p11.CKA_NEVER_EXTRACTABLE, valueOf(true)],
      [p11.CKA_ALWAYS_AUTHENTICATE, valueOf(false)],
    ];
    const attributes = new Map([...claims, ...privateTemplate, ...derived.slice(0, 1)]);
    if (this.#quirks.extractable) attributes.set(p11.CKA_EXTRACTABLE, valueOf(true));
    return { publicKey, privateKey: this.#add(token, { attributes, key: pair.privateKey }) };
  }

  #add(token: FaultToken, object: FaultObject): number {
    this.#lastHandle += 1;
    for (const type of this.#quirks.unknownAttributes) object.attributes.delete(type);
    token.objects.set(this.#lastHandle, object);
    return this.#lastHandle;
  }

  #token(slot: Handle): FaultToken {
    if (!this.#initialized) fail(p11.CKR_CRYPTOKI_NOT_INITIALIZED);
    return this.#tokens[numberOf(slot) - 1] ?? fail(p11.CKR_SLOT_ID_INVALID);
  }

  #session(handle: Handle): FaultSession {
    if (!this.#initialized) fail(p11.CKR_CRYPTOKI_NOT_INITIALIZED);
    const session = this.#sessions.get(numberOf(handle)) ?? fail(0xb3);
    // Two threads in one session is what the standard leaves undefined; here it is an error, so that tests see it.
    if (session.busy) fail(0x90);
    return session;
  }

  #object(session: FaultSession, handle: Handle, invalid: number): FaultObject {
    const object = session.token.objects.get(numberOf(handle)) ?? fail(invalid);
    if (!this.#visible(session.token, object)) fail(invalid);
    return object;
  }

  #visible(token: FaultToken, { attributes }: FaultObject): boolean {
    return token.loggedIn || attributes.get(p11.CKA_PRIVATE)?.[0] !== 1;
  }

  C_Initialize(): void {
    this.#initialized = true;
  }

  C_Finalize(): void {
    this.#initialized = false;
    this.#sessions.clear();
  }

  C_GetSlotList(): Handle[] {
    if (!this.#initialized) fail(p11.CKR_CRYPTOKI_NOT_INITIALIZED);
    return this.#tokens.map((_, index) => handleOf(index + 1));
  }

  C_GetTokenInfo(slot: Handle): CryptokiTokenInfo {
    const { script, triesLeft } = this.#token(slot);
    const low = p11.CKF_USER_PIN_COUNT_LOW;
    const pinFlags = [p11.CKF_USER_PIN_LOCKED, p11.CKF_USER_PIN_FINAL_TRY | low, low, 0][triesLeft] ?? 0;
    return {
      label: script.label.padEnd(32),
      manufacturerID: script.manufacturer.padEnd(32),
      model: `${script.model}\0rubbish`.padEnd(16),
      serialNumber: script.serial.padEnd(16),
      flags:
        (script.initialized ? p11.CKF_TOKEN_INITIALIZED : 0) |
        { normal: 0, 'final-try': p11.CKF_SO_PIN_FINAL_TRY, locked: p11.CKF_SO_PIN_LOCKED }[script.soPinState] |
        pinFlags |
        (script.pinInitialized ? p11.CKF_USER_PIN_INITIALIZED : 0) |
        (script.protectedPath ? p11.CKF_PROTECTED_AUTHENTICATION_PATH : 0),
      maxSessionCount: script.maximumSessions,
      minPinLen: 4,
      maxPinLen: 12,
      firmwareVersion: { major: 1, minor: 7 },
    };
  }

  C_GetMechanismList(slot: Handle): number[] {
    this.#token(slot);
    return mechanisms.filter((each) => !this.#quirks.missingMechanisms.includes(each));
  }

  C_GetMechanismInfo(_slot: Handle, mechanism: number): { flags: number } {
    return { flags: mechanismFlags[mechanism] ?? 0 };
  }

  C_InitToken(slot: Handle, soPin: string, label: string): void {
    const token = this.#token(slot);
    if ([...this.#sessions.values()].some((each) => each.token === token)) fail(0xb6);
    if (token.script.initialized && soPin !== token.script.soPin) fail(p11.CKR_PIN_INCORRECT);
    token.objects.clear();
    const made = { label: label.trimEnd(), initialized: true, pinInitialized: false, soPin };
    const { serialOnInit } = token.script;
    token.script = { ...token.script, ...made, ...(serialOnInit === undefined ? {} : { serial: serialOnInit }) };
  }

  C_InitPIN(session: Handle, pin: string): void {
    const { token } = this.#session(session);
    if (!token.soLoggedIn) fail(0x101);
    if (!this.#quirks.forgetsInitPin) token.script = { ...token.script, pin };
    token.script = { ...token.script, pinInitialized: true };
  }

  C_OpenSession(slot: Handle): Handle {
    const token = this.#token(slot);
    const open = [...this.#sessions.values()].filter((each) => each.token === token).length;
    if (token.script.maximumSessions > 0 && open >= token.script.maximumSessions) fail(p11.CKR_SESSION_COUNT);
    this.#lastHandle += 1;
    this.#sessions.set(this.#lastHandle, { token, busy: false });
    return handleOf(this.#lastHandle);
  }

  C_CloseSession(session: Handle): void {
    const { token } = this.#session(session);
    this.#sessions.delete(numberOf(session));
    for (const [number, object] of token.objects)
      if (object.session === numberOf(session)) token.objects.delete(number);
    if (![...this.#sessions.values()].some((each) => each.token === token)) token.loggedIn = token.soLoggedIn = false;
  }

  C_Login(session: Handle, userType: number, pin: string): void {
    const { token } = this.#session(session);
    if (userType === p11.CKU_SO) {
      if (pin !== token.script.soPin) fail(p11.CKR_PIN_INCORRECT);
      token.soLoggedIn = true;
      return;
    }
    if (this.#quirks.leaksPin) throw new TypeError(`Argument 2 is not a PIN: ${pin}\n    at ${pin}`);
    if (token.loggedIn) fail(p11.CKR_USER_ALREADY_LOGGED_IN);
    if (token.triesLeft === 0) fail(0xa4);
    // On the token's own keypad the right PIN is always typed.
    if (pin === token.script.pin || (pin === '' && token.script.protectedPath)) {
      token.triesLeft = 3;
      token.loggedIn = true;
      return;
    }
    token.triesLeft -= 1;
    fail(p11.CKR_PIN_INCORRECT);
  }

  C_SetPIN(session: Handle, oldPin: string, newPin: string): void {
    const { token } = this.#session(session);
    if (this.#quirks.leaksPin) throw new TypeError(`Argument 3 is not a PIN: ${newPin}`);
    if (oldPin !== token.script.pin) {
      token.triesLeft -= 1;
      fail(p11.CKR_PIN_INCORRECT);
    }
    token.script = { ...token.script, pin: newPin };
  }

  C_Logout(session: Handle): void {
    const { token } = this.#session(session);
    if (!token.loggedIn && !token.soLoggedIn) fail(0x101);
    token.loggedIn = token.soLoggedIn = false;
  }

  C_FindObjectsInit(handle: Handle, template: Attribute[]): void {
    const session = this.#session(handle);
    if (session.search !== undefined) fail(0x90);
    if (this.#quirks.chatty !== undefined) process.stderr.write(`${this.#quirks.chatty}\n`);
    const wanted = template.map(({ type, value }) => [type, valueOf(value)] as const);
    session.search = [...session.token.objects]
      .filter(([, object]) => this.#visible(session.token, object))
      .filter(([, { attributes }]) => wanted.every(([type, value]) => attributes.get(type)?.equals(value) === true))
      .map(([number]) => number);
  }

  C_FindObjects(handle: Handle, maximum: number): Handle[] {
    const session = this.#session(handle);
    return (session.search ?? fail(0x91)).splice(0, maximum).map(handleOf);
  }

  C_FindObjectsFinal(handle: Handle): void {
    const session = this.#session(handle);
    if (session.search === undefined) fail(0x91);
    delete session.search;
  }

  C_GetAttributeValue(handle: Handle, object: Handle, template: Attribute[]): AttributeValue[] {
    const { attributes } = this.#object(this.#session(handle), object, p11.CKR_OBJECT_HANDLE_INVALID);
    return template.map(({ type }) => ({ type, value: attributes.get(type) ?? fail(p11.CKR_ATTRIBUTE_TYPE_INVALID) }));
  }

  C_DestroyObject(handle: Handle, object: Handle): void {
    const session = this.#session(handle);
    this.#object(session, object, p11.CKR_OBJECT_HANDLE_INVALID);
    if (!this.#quirks.keepsDestroyed) session.token.objects.delete(numberOf(object));
  }

  C_SetAttributeValue(handle: Handle, object: Handle, template: Attribute[]): void {
    const { attributes } = this.#object(this.#session(handle), object, p11.CKR_OBJECT_HANDLE_INVALID);
    if (attributes.get(p11.CKA_MODIFIABLE)?.[0] === 0) fail(0x1b);
    if (!this.#quirks.keepsExtractable) for (const { type, value } of template) attributes.set(type, valueOf(value));
  }

  /** A new object of a template, which ends with its session where the template says so. */
  #created(handle: Handle, template: Attribute[], key: KeyObject): Handle {
    const { token } = this.#session(handle);
    const attributes = new Map(template.map(({ type, value }) => [type, valueOf(value)]));
    if (key.type === 'secret') attributes.set(p11.CKA_CHECK_VALUE, checkValue(key));
    const passing = attributes.get(p11.CKA_TOKEN)?.[0] !== 1;
    return handleOf(this.#add(token, { attributes, key, ...(passing ? { session: numberOf(handle) } : {}) }));
  }

  C_CreateObject(handle: Handle, template: Attribute[]): Handle {
    const attributes = new Map(template.map(({ type, value }) => [type, valueOf(value)]));
    if (attributes.has(p11.CKA_MODULUS)) return this.#created(handle, template, importedRsa(attributes));
    const { token } = this.#session(handle);
    return handleOf(this.#add(token, { attributes }));
  }

  C_GenerateKey(handle: Handle, _mechanism: Mechanism, template: Attribute[]): Handle {
    return this.#created(handle, template, createSecretKey(randomBytes(32)));
  }

  C_WrapKey(handle: Handle, mechanism: WrappingMechanism, wrapping: Handle, key: Handle): Buffer {
    const session = this.#session(handle);
    const at = (one: Handle) => this.#object(session, one, p11.CKR_KEY_HANDLE_INVALID);
    const bytes = wrapped(mechanism, at(wrapping), at(key));
    return this.#quirks.wrapsBadly ? bytes.subarray(0, 20) : bytes;
  }

  C_UnwrapKey(
    handle: Handle,
    mechanism: WrappingMechanism,
    unwrapping: Handle,
    bytes: Buffer,
    template: Attribute[],
  ): Handle {
    const object = this.#object(this.#session(handle), unwrapping, p11.CKR_KEY_HANDLE_INVALID);
    const key = unwrapped(mechanism, object, bytes);
    const silently = this.#quirks.unwrapsOther && key.type === 'secret';
    return this.#created(handle, template, silently ? createSecretKey(Buffer.alloc(32)) : key);
  }

  async C_GenerateKeyPairAsync(
    handle: Handle,
    _mechanism: Mechanism,
    publicTemplate: Attribute[],
    privateTemplate: Attribute[],
  ): Promise<{ publicKey: Handle; privateKey: Handle }> {
    const session = this.#session(handle);
    if (!session.token.loggedIn) fail(0x101);
    const { unknownAttributes, labelBytes, labelSuffix, exponent, wrongKey, generateMilliseconds } = this.#quirks;
    const read = (template: Attribute[]) => new Map(template.map(({ type, value }) => [type, valueOf(value)]));
    const [forPublic, forPrivate] = [read(publicTemplate), read(privateTemplate)];
    for (const template of [forPublic, forPrivate]) {
      if (unknownAttributes.some((type) => template.has(type))) fail(p11.CKR_ATTRIBUTE_TYPE_INVALID);
      const label = template.get(p11.CKA_LABEL) ?? Buffer.alloc(0);
      template.set(p11.CKA_LABEL, Buffer.concat([label.subarray(0, labelBytes), Buffer.from(labelSuffix)]));
    }
    session.busy = true;
    await delay(generateMilliseconds);
    const pair = await makePair(forPublic, exponent);
    const other = wrongKey ? await makePair(forPublic, exponent) : pair;
    session.busy = false;
    const twins = { publicKey: pair.publicKey, privateKey: other.privateKey };
    const { publicKey, privateKey } = this.#addPair(session.token, twins, forPublic, forPrivate);
    return { publicKey: handleOf(publicKey), privateKey: handleOf(privateKey) };
  }

  C_SignInit(handle: Handle, mechanism: Mechanism, key: Handle): void {
    const session = this.#session(handle);
    if (session.signing !== undefined) fail(0x90);
    if (!session.token.loggedIn) fail(0x101);
    session.signing = { mechanism, object: this.#object(session, key, p11.CKR_KEY_HANDLE_INVALID) };
  }

  async C_SignAsync(handle: Handle, input: Buffer, output: Buffer): Promise<Buffer> {
    const session = this.#session(handle);
    const { signing } = session;
    if (signing === undefined) fail(0x91);
    session.busy = true;
    await delay(1);
    session.busy = false;
    delete session.signing;
    const signature = this.#signature(signing.mechanism, signing.object, input);
    const changed = Buffer.concat([signature, Buffer.alloc(Math.max(0, this.#quirks.signatureBytes))]);
    const length = changed.copy(output, 0, 0, signature.length + this.#quirks.signatureBytes);
    return output.subarray(0, length);
  }

  #signature({ mechanism, parameter }: Mechanism, { key }: FaultObject, input: Buffer): Buffer {
    if (key === undefined || this.#quirks.missingMechanisms.includes(mechanism)) fail(0x70);
    if (mechanism === p11.CKM_ECDSA) return this.#shaped(() => ecdsaRaw(key, input));
    if (mechanism === p11.CKM_RSA_PKCS) return rsaOverDigestInfo(key, input);
    const hash = hashOf[parameter?.hashAlg ?? mechanism] ?? fail(0x71);
    if (mechanism === p11.CKM_RSA_PKCS_PSS) return pssOverDigest(key, hash, parameter?.saltLen ?? 0, input);
    return parameter === undefined
      ? rsaOverMessage(key, hash, input)
      : pssOverMessage(key, hash, parameter.saltLen, input);
  }

  #shaped(make: () => Buffer): Buffer {
    const { signatureShape } = this.#quirks;
    for (;;) {
      const raw = make();
      const [r = 0, s = 0] = [raw[0], raw[raw.length / 2]];
      if (signatureShape === 'zero-r') return raw.fill(0, 0, raw.length / 2);
      if (signatureShape === 'r-leading-zero' && r !== 0) continue;
      if (signatureShape === 's-leading-zero' && s !== 0) continue;
      if (signatureShape === 'high-bits' && (r < 0x80 || s < 0x80)) continue;
      return raw;
    }
  }
}
