import { fromUtf8, utf8 } from './bytes.ts';
import { CodedError } from './coded-error.ts';
import type { TokenInfo } from './token.ts';

/** A token as a plan's binding names it (RFC 7512). What is absent was not asked for; what is present must be equal. */
export interface Pkcs11Uri {
  readonly serial: string;
  /** The token's label: the attribute is called `token` in the URI. */
  readonly token?: string;
  readonly manufacturer?: string;
  readonly model?: string;
}

/** The parts of a token's description that a URI can name. */
export type NamedToken = Pick<TokenInfo, 'serial' | 'label' | 'manufacturer' | 'model'>;

const maximumLength = 1024;

/** Attributes that name a token, in the order they are written, with the size of their CK_TOKEN_INFO field in bytes. */
const fieldBytes = { model: 16, manufacturer: 32, serial: 16, token: 32 } as const;
type Field = keyof typeof fieldBytes;
const fields: readonly Field[] = ['model', 'manufacturer', 'serial', 'token'];

/** Attributes of RFC 7512 §2.3 that have no place here, each with the reason. */
const barred: Readonly<Record<string, readonly [code: string, message: string, remedy: string]>> = {
  ...sameFor(
    ['pin-value', 'pin-source'],
    'pkcs11-uri-pin',
    'A token URI must not carry a PIN or say where one lies.',
    'Remove the attribute; the PIN is asked for when it is needed. If the URI was stored or sent, change the PIN.',
  ),
  ...sameFor(
    ['slot-id', 'slot-description', 'slot-manufacturer'],
    'pkcs11-uri-slot',
    'A token is never named by its slot: slots are renumbered when a device is plugged in or initialised.',
    'Name the token by its serial number (serial=…).',
  ),
  ...sameFor(
    ['object', 'id', 'type'],
    'pkcs11-uri-object',
    'This URI names an object, where a token is to be named.',
    'Remove object, id and type; keys are chosen by their public key and CKA_ID.',
  ),
  ...sameFor(
    ['module-name', 'module-path', 'library-description', 'library-manufacturer', 'library-version'],
    'pkcs11-uri-module',
    'A token URI does not choose the PKCS#11 library.',
    'Remove the attribute and list the library in the binding.',
  ),
};

function sameFor(
  names: readonly string[],
  ...reason: [code: string, message: string, remedy: string]
): Record<string, [string, string, string]> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

/** The URI itself is never quoted in an error: someone may have put a PIN in it. */
function refuse(code: string, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy });
}

function malformed(message: string): CodedError {
  return refuse('pkcs11-uri-malformed', message, 'Write it as pkcs11:serial=…;token=… with RFC 7512 percent-encoding.');
}

function isField(name: string): name is Field {
  return Object.hasOwn(fieldBytes, name);
}

/**
 * Reads a PKCS#11 URI that names a token (RFC 7512 §2.3), strictly: only serial, token, manufacturer and model, each at
 * most once, `serial` always. Refusals are `pkcs11-uri-…` and never repeat the text.
 */
export function parsePkcs11Uri(text: string): Pkcs11Uri {
  if (text.length > maximumLength) throw malformed(`A PKCS#11 URI has at most ${maximumLength} characters here.`);
  const scheme = /^pkcs11:/iu.exec(text);
  if (scheme === null) throw malformed('A PKCS#11 URI begins with "pkcs11:".');
  const { serial = '', ...narrowing } = readTokenAttributes(text.slice(scheme[0].length));
  if (serial === '') {
    throw refuse(
      'pkcs11-uri-serial-missing',
      'The PKCS#11 URI does not name the token by its serial number.',
      "Add serial=…; the list of tokens shows it, and so does the vendor's own tool.",
    );
  }
  return { serial, ...narrowing };
}

/** The attributes that name a token, each at most once, as they stand behind a scheme. */
export function readTokenAttributes(text: string): Partial<Pkcs11Uri> {
  const [path = '', ...queries] = text.split('?');
  if (queries.length > 1) throw malformed('The PKCS#11 URI has a second "?".');
  // The query holds only attributes that are barred, but each deserves its own reason.
  const attributes = [...path.split(';'), ...(queries[0]?.split('&') ?? [])];
  const found = new Map<Field, string>();
  for (const attribute of attributes) readAttribute(attribute, found);
  return Object.fromEntries(found) as Partial<Record<Field, string>>;
}

function readAttribute(attribute: string, found: Map<Field, string>): void {
  const equals = attribute.indexOf('=');
  if (equals < 1) throw malformed('The PKCS#11 URI holds a part that is not name=value.');
  const name = attribute.slice(0, equals);
  const reason = Object.hasOwn(barred, name) ? barred[name] : undefined;
  if (reason !== undefined) throw refuse(...reason);
  if (!isField(name)) {
    throw refuse(
      'pkcs11-uri-attribute-unknown',
      `The PKCS#11 URI has an attribute that is not known here: ${JSON.stringify(name.slice(0, 32))}.`,
      `Use serial, and to narrow it further ${fields.filter((field) => field !== 'serial').join(', ')}.`,
    );
  }
  if (found.has(name)) {
    throw refuse('pkcs11-uri-attribute-repeated', `The PKCS#11 URI says ${name} twice.`, 'Keep one of the two.');
  }
  const value = decode(attribute.slice(equals + 1), name);
  if (utf8(value).length > fieldBytes[name]) {
    throw malformed(`No token has a ${name} of more than ${fieldBytes[name]} bytes.`);
  }
  found.set(name, value);
}

/** Characters that stand for themselves in a value: unreserved, and pk11-res-avail of RFC 7512 §2.3. */
const plainCharacter = /^[A-Za-z0-9\-._~:[\]@!$'()*+,=&]$/u;

function decode(text: string, name: string): string {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '%') {
      const digits = text.slice(index + 1, index + 3);
      if (!/^[0-9a-fA-F]{2}$/u.test(digits)) throw malformed(`A "%" in ${name} is not followed by two hex digits.`);
      bytes.push(Number.parseInt(digits, 16));
      index += 2;
    } else if (plainCharacter.test(character)) bytes.push(character.charCodeAt(0));
    else throw malformed(`A character in ${name} must be percent-encoded.`);
  }
  const value = fromUtf8(Uint8Array.from(bytes));
  if (value === undefined) throw malformed(`The value of ${name} is not UTF-8.`);
  return value;
}

function encode(value: string): string {
  let text = '';
  for (const byte of utf8(value)) {
    const character = String.fromCharCode(byte);
    const plain = /^[A-Za-z0-9\-._~]$/u.test(character);
    text += plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** The URI that names exactly this token: everything known of it, so that a swapped device does not match. */
export function formatTokenUri(token: NamedToken): string {
  const values: Record<Field, string> = {
    model: token.model,
    manufacturer: token.manufacturer,
    serial: token.serial,
    token: token.label,
  };
  const parts = fields.filter((field) => values[field] !== '').map((field) => `${field}=${encode(values[field])}`);
  return `pkcs11:${parts.join(';')}`;
}

/** True when the token is one that the URI names: every attribute of the URI is equal, byte for byte. */
export function matchesToken(uri: Pkcs11Uri, token: NamedToken): boolean {
  return (
    uri.serial === token.serial &&
    (uri.token ?? token.label) === token.label &&
    (uri.manufacturer ?? token.manufacturer) === token.manufacturer &&
    (uri.model ?? token.model) === token.model
  );
}

/** A token's name as people may write it: a PKCS#11 URI, or a bare serial number. */
export function parseTokenName(text: string): Pkcs11Uri {
  const bare = /^[A-Za-z0-9._ -]{1,16}$/u.test(text);
  return bare ? { serial: text } : parsePkcs11Uri(text);
}
