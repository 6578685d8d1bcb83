import { CodedError } from '../ports/coded-error.ts';
import { fromUtf8, utf8 } from '../ports/bytes.ts';
import type { Json, JsonObject } from '../ports/json.ts';

/** Deeper than anything this project writes. */
const maximumDepth = 64;

function malformed(message: string): CodedError {
  return new CodedError({
    code: 'json-not-canonical',
    message,
    remedy: 'Do not edit the file: canonical JSON (RFC 8785) is compared byte for byte.',
  });
}

function write(value: Json, depth: number): string {
  if (depth > maximumDepth) throw malformed('The JSON is nested too deeply.');
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw malformed('The JSON holds a number that is not a whole number below 2^53.');
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map((entry) => write(entry, depth + 1)).join(',')}]`;
  // The default sort compares UTF-16 code units, which is what RFC 8785 §3.2.3 asks for.
  const keys = Object.keys(value).sort();
  const members = keys.map((key) => `${JSON.stringify(key)}:${write(value[key] ?? null, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Canonical JSON (RFC 8785) of a value whose numbers are whole: the one text for one value, fit to be hashed. */
export function canonicalJson(value: Json): string {
  return write(value, 0);
}

/** The object in canonical JSON bytes; `json-not-canonical` when it is not JSON, not an object or not canonical. */
export function parseCanonicalJson(bytes: Uint8Array): JsonObject {
  const text = fromUtf8(bytes);
  if (text === undefined) throw malformed('The file is not UTF-8.');
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw malformed('The file is not JSON.');
  }
  if (value === null || typeof value !== 'object' || isArray(value)) throw malformed('The JSON is not an object.');
  if (canonicalJson(value) !== text) throw malformed('The JSON is not in canonical form.');
  return value;
}

/** UTF-8 bytes of the canonical form. */
export function canonicalBytes(value: Json): Uint8Array {
  return utf8(canonicalJson(value));
}
