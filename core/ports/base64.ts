import { CodedError } from './coded-error.ts';

const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlSafe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function tableOf(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let index = 0; index < alphabet.length; index += 1) table[alphabet.charCodeAt(index)] = index;
  return table;
}
const standardTable = tableOf(standard);
const urlSafeTable = tableOf(urlSafe);

function malformed(): CodedError {
  return new CodedError({
    code: 'base64-malformed',
    message: 'This is not base64.',
    remedy: 'Encode the bytes again; nothing may stand between or after the characters.',
  });
}

function encode(bytes: Uint8Array, alphabet: string, pad: boolean): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    const left = bytes.length - index;
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    if (left > 1) text += alphabet.charAt((group >> 6) & 63);
    else if (pad) text += '=';
    if (left > 2) text += alphabet.charAt(group & 63);
    else if (pad) text += '=';
  }
  return text;
}

/** Strict: one text for one byte string, so unused bits must be zero and the length must be possible. */
function decode(text: string, table: Int8Array): Uint8Array {
  const rest = text.length % 4;
  if (rest === 1) throw malformed();
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let offset = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const value = code < 128 ? (table[code] ?? -1) : -1;
    if (value < 0) throw malformed();
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset] = (held >> bits) & 0xff;
      offset += 1;
    }
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw malformed();
  return bytes;
}

/** RFC 4648 §4, padded. */
export function toBase64(bytes: Uint8Array): string {
  return encode(bytes, standard, true);
}

/** RFC 4648 §4, padding required, nothing else tolerated; `base64-malformed` otherwise. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw malformed();
  const end = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  return decode(text.slice(0, end), standardTable);
}

/** RFC 4648 §5 without padding (RFC 7515 §2). */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, urlSafe, false);
}

/** RFC 4648 §5 without padding; `base64-malformed` otherwise. */
export function fromBase64Url(text: string): Uint8Array {
  return decode(text, urlSafeTable);
}

/** Without the one or two "=" that base64 may end with. Not "all of them": a pattern for that takes minutes for a long text of them. */
export function withoutPadding(text: string): string {
  return text.replace(/={1,2}$/u, '');
}
