import { CodedError } from '../ports/coded-error.ts';
import { fromBase64, toBase64 } from '../ports/base64.ts';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PUBLIC KEY' | 'CMS';

/** RFC 7468 text: 64 characters a line, LF, newline at the end. */
export function toPem(label: PemLabel, bytes: Uint8Array): string {
  const lines = toBase64(bytes).match(/.{1,64}/gu) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** A PEM block: its label and its bytes. */
export interface PemBlock {
  readonly label: string;
  readonly bytes: Uint8Array;
}

const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----/gu;

/** Every PEM block of a text, explanatory text between blocks allowed (RFC 7468 §2); `pem-missing` when there is none. */
export function readPem(text: string, maximumBlocks = 100): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (const match of text.matchAll(block)) {
    if (blocks.length >= maximumBlocks) {
      throw new CodedError({
        code: 'pem-too-many',
        message: `The text holds more than ${maximumBlocks} PEM blocks.`,
        remedy: 'Give one file for each purpose.',
      });
    }
    blocks.push({ label: match[1] ?? '', bytes: fromBase64((match[2] ?? '').replace(/[\r\n]/gu, '')) });
  }
  if (blocks.length > 0) return blocks;
  throw new CodedError({
    code: 'pem-missing',
    message: 'The text holds no PEM block.',
    remedy: 'Expect a line "-----BEGIN …-----", base64 lines, and a line "-----END …-----".',
  });
}
