// CSRs that a ready order for a.example.internal must not be finalized with.
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { toPem } from '../../../core/x509/pem.ts';
import type { GeneralName } from '../../../core/x509/general-name.ts';
import { makeCsr, type CsrOptions } from '../acme.ts';
import type { HostileRequest } from './kind.ts';

const name = 'a.example.internal';
const dns = (value: string): GeneralName => ({ kind: 'dns', value });

const contents: readonly (readonly [what: string, names: readonly string[], options?: CsrOptions])[] = [
  ['no name at all', []],
  ['another name', ['b.example.internal']],
  ['a name more', [name, 'b.example.internal']],
  ['the name above', ['example.internal']],
  ['the name below', ['x.a.example.internal']],
  ['a wildcard for it', ['*.example.internal']],
  ['the name with a final dot', [`${name}.`]],
  ['the name with a NUL', [`${name}\u0000.example.org`]],
  ['the name with a space', [` ${name}`]],
  ['an empty dNSName', [name, '']],
  ['an address more', [name, '127.0.0.1']],
  ['another common name', [name], { subject: { CN: 'b.example.internal' } }],
  ['a common name that is no name', [name], { subject: { CN: 'Example Corp' } }],
  ['an address as common name', [name], { subject: { CN: '127.0.0.1' } }],
  [
    'an e-mail address as alternative name',
    [name],
    { alternatives: [dns(name), { kind: 'email', value: 'a@example.internal' }] },
  ],
  [
    'a URI as alternative name',
    [name],
    { alternatives: [dns(name), { kind: 'uri', value: 'https://a.example.internal/' }] },
  ],
  ['an address of five octets', [name], { alternatives: [dns(name), { kind: 'ip', value: new Uint8Array(5) }] }],
  ['a network as address', [name], { alternatives: [dns(name), { kind: 'ip', value: new Uint8Array(8) }] }],
  [
    'no alternative name in the list',
    [name],
    { extensions: [{ oid: '2.5.29.17', critical: false, value: Uint8Array.of(0x30, 0) }] },
  ],
  [
    'alternative names that are no DER',
    [name],
    { extensions: [{ oid: '2.5.29.17', critical: false, value: Uint8Array.of(1, 2, 3) }] },
  ],
];

const hostileBytes: readonly (readonly [what: string, change: (der: Buffer) => Buffer])[] = [
  ['its signature changed', (der) => Buffer.from(der.map((byte, at) => (at === der.length - 1 ? byte ^ 1 : byte)))],
  [
    'its names changed after it was signed',
    (der) => Buffer.from(der.toString('latin1').replace('a.example', 'b.example'), 'latin1'),
  ],
  ['a byte behind it', (der) => Buffer.concat([der, Buffer.alloc(1)])],
  ['itself behind it', (der) => Buffer.concat([der, der])],
  [
    'its length in the indefinite form',
    (der) => Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(3), Buffer.alloc(2)]),
  ],
  ['another tag', (der) => Buffer.concat([Buffer.from([0x31]), der.subarray(1)])],
  ...[1, 2, 10, 50, 100, 200].map(
    (length) => [`all but its first ${length} bytes cut off`, (der: Buffer) => der.subarray(0, length)] as const,
  ),
];

const texts: readonly (readonly [what: string, text: string])[] = [
  ['is zeros', 'AAAA'],
  ['is not base64', 'not base64!'],
  ['is of one character', 'A'],
  ['is far too long', 'A'.repeat(40_000)],
];

/** All of them: made anew, because each holds a fresh key. */
export async function csrKinds(): Promise<readonly HostileRequest[]> {
  const request = (what: string, csr: string): HostileRequest => ({
    name: `a CSR that ${what}`,
    problem: 'badCSR 400',
    to: 'finalize',
    payload: { csr },
  });
  const key = await throwawayKey('ec-p256');
  const made: HostileRequest[] = [];
  for (const [what, names, options] of contents) {
    made.push(request(`has ${what}`, (await makeCsr(names, { key, ...options })).csr));
  }
  const { der } = await makeCsr([name], { key });
  made.push(request('is PEM', toPem('CERTIFICATE REQUEST', der)));
  made.push(...hostileBytes.map(([what, change]) => request(`has ${what}`, toBase64Url(change(Buffer.from(der))))));
  made.push(...texts.map(([what, text]) => request(what, text)));
  return made;
}
