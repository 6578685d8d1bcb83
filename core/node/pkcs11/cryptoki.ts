/** A slot, session or object handle: a CK_ULONG in the machine's byte order. */
export type Handle = Buffer;

export interface Attribute {
  type: number;
  value?: number | boolean | string | Buffer;
}

/** An attribute as read; `value` is undefined where the token says CK_UNAVAILABLE_INFORMATION. */
export interface AttributeValue {
  type: number;
  value?: Buffer;
}

/** CK_RSA_PKCS_PSS_PARAMS, tagged with pkcs11js's number for that structure. */
interface PssParameter {
  readonly type: 5;
  readonly hashAlg: number;
  readonly mgf: number;
  readonly saltLen: number;
}

/** CK_RSA_PKCS_OAEP_PARAMS, tagged likewise; source 1 is CKZ_DATA_SPECIFIED, with no label. */
interface OaepParameter {
  readonly type: 4;
  readonly hashAlg: number;
  readonly mgf: number;
  readonly source: 1;
}

export interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: PssParameter;
}

/** What keys are wrapped with. */
export interface WrappingMechanism {
  readonly mechanism: number;
  readonly parameter?: OaepParameter;
}

export interface CryptokiTokenInfo {
  readonly label: string;
  readonly manufacturerID: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly flags: number;
  readonly maxSessionCount: number;
  readonly minPinLen: number;
  readonly maxPinLen: number;
  readonly firmwareVersion: { readonly major: number; readonly minor: number };
}

/**
 * The functions of pkcs11js that this layer calls, and no others: what stands in for a token in tests implements these.
 * A call that fails throws an error whose text names the return value; `returnValueOf` reads it.
 */
export interface Cryptoki {
  C_Initialize(options: { flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): CryptokiTokenInfo;
  C_GetMechanismList(slot: Handle): number[];
  C_GetMechanismInfo(slot: Handle, mechanism: number): { readonly flags: number };
  /** `label` has exactly 32 bytes, blank-padded: the library reads as many. */
  C_InitToken(slot: Handle, soPin: string, label: string): void;
  C_InitPIN(session: Handle, pin: string): void;
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_SetPIN(session: Handle, oldPin: string, newPin: string): void;
  C_Logout(session: Handle): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, maximum: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): AttributeValue[];
  C_SetAttributeValue(session: Handle, object: Handle, template: Attribute[]): void;
  C_CreateObject(session: Handle, template: Attribute[]): Handle;
  C_DestroyObject(session: Handle, object: Handle): void;
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: Attribute[]): Handle;
  C_WrapKey(session: Handle, mechanism: WrappingMechanism, wrappingKey: Handle, key: Handle, output: Buffer): Buffer;
  C_UnwrapKey(
    session: Handle,
    mechanism: WrappingMechanism,
    unwrappingKey: Handle,
    wrapped: Buffer,
    template: Attribute[],
  ): Handle;
  C_GenerateKeyPairAsync(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: Attribute[],
    privateTemplate: Attribute[],
  ): Promise<{ publicKey: Handle; privateKey: Handle }>;
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_SignAsync(session: Handle, input: Buffer, output: Buffer): Promise<Buffer>;
}

/** Loads the library at `path`. */
export type LoadCryptoki = (path: string) => Cryptoki;

/** The CK_RV in an error thrown by pkcs11js (which has two shapes for it), or undefined when it is no such error. */
export function returnValueOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const inMessage = /^CKR_\w+:(\d+)/u.exec(error.message)?.[1];
  if (inMessage !== undefined) return Number(inMessage);
  const code: unknown = 'code' in error ? error.code : undefined;
  return error.message.startsWith('CKR_') && typeof code === 'number' ? code : undefined;
}
