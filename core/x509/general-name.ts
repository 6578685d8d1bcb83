import type { DerReader } from '../der/reader.ts';
import { contextConstructedTag, contextTag } from '../der/tags.ts';
import * as der from '../der/writer.ts';
import { utf8 } from '../ports/bytes.ts';
import { x509Error } from './x509-error.ts';
import { formatIpAddress } from './ip-address.ts';

/** The GeneralName kinds (RFC 5280 §4.2.1.6) this project makes or judges. `other` is kept so that it can be refused. */
export type GeneralName =
  | { readonly kind: 'dns'; readonly value: string }
  | { readonly kind: 'ip'; readonly value: Uint8Array }
  | { readonly kind: 'email'; readonly value: string }
  | { readonly kind: 'uri'; readonly value: string }
  | { readonly kind: 'directory'; readonly value: Uint8Array }
  | { readonly kind: 'other'; readonly tag: number; readonly value: Uint8Array };

const tagOf = { email: contextTag(1), dns: contextTag(2), uri: contextTag(6), ip: contextTag(7) } as const;
const directoryTag = contextConstructedTag(4);

export function encodeGeneralName(name: GeneralName): der.Der {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return der.element(tagOf[name.kind], utf8(name.value));
    case 'ip':
      return der.element(tagOf.ip, name.value);
    case 'directory':
      return der.element(directoryTag, name.value);
    case 'other':
      return der.element(name.tag, name.value);
  }
}

/** Longer than any name or URL: a name that is longer is refused, never cut. */
const maximumNameLength = 2048;

function ia5(content: Uint8Array): string {
  if (content.length > maximumNameLength) {
    throw x509Error(
      'x509-general-name',
      `A name has ${content.length} bytes.`,
      `Give one of at most ${maximumNameLength}.`,
    );
  }
  let text = '';
  for (const byte of content) {
    if (byte < 0x20 || byte > 0x7e) {
      throw x509Error('x509-general-name', 'A name has bytes outside printable ASCII.', 'Use A-labels for IDNs.');
    }
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Reads one GeneralName. Address lengths are for the extension to judge: SANs and constraints differ. */
export function readGeneralName(reader: DerReader): GeneralName {
  const { tag, content } = reader.element();
  if (tag === tagOf.dns) return { kind: 'dns', value: ia5(content) };
  if (tag === tagOf.ip) return { kind: 'ip', value: content };
  if (tag === tagOf.email) return { kind: 'email', value: ia5(content) };
  if (tag === tagOf.uri) return { kind: 'uri', value: ia5(content) };
  if (tag === directoryTag) return { kind: 'directory', value: content };
  return { kind: 'other', tag, value: content };
}

/** A GeneralName for people. */
export function formatGeneralName(name: GeneralName): string {
  switch (name.kind) {
    case 'ip':
      return `IP:${formatIpAddress(name.value)}`;
    case 'directory':
    case 'other':
      return `${name.kind} name (${name.value.length} bytes)`;
    case 'dns':
    case 'email':
    case 'uri':
      return `${name.kind === 'dns' ? 'DNS' : name.kind}:${name.value}`;
  }
}
