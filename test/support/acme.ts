// A small ACME client that can also misbehave: every part of a request may be replaced before it is sent.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import https from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { nodeDigest } from '../../core/node/crypto.ts';
import { throwawayKey, type ThrowawayKey } from '../../core/node/throwaway-key.ts';
import { toBase64Url } from '../../core/ports/base64.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import type { KeyAlgorithmName } from '../../core/ports/algorithm-names.ts';
import { chooseSignature } from '../../core/x509/algorithms.ts';
import { assembleSigned } from '../../core/x509/certificate.ts';
import { ecdsaDerToRaw } from '../../core/x509/ecdsa-signature.ts';
import { encodeCsrInfo } from '../../core/x509/csr.ts';
import { subjectAltName } from '../../core/x509/extensions/subject-alt-name.ts';
import type { GeneralName } from '../../core/x509/general-name.ts';
import { encodeName, type DistinguishedName } from '../../core/x509/name.ts';
import type { Extension } from '../../core/x509/extensions/extension.ts';
import { parseIpAddress } from '../../core/x509/ip-address.ts';

export interface AcmeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON, or {}. */
  readonly body: Record<string, unknown>;
}

export interface AccountKey {
  readonly alg: string;
  readonly jwk: Record<string, unknown>;
  sign(input: string): Buffer;
}

const algorithms = {
  ES256: { digest: 'sha256', make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  ES384: { digest: 'sha384', make: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }) },
  ES512: { digest: 'sha512', make: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }) },
  RS256: { digest: 'sha256', make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }) },
  EdDSA: { digest: null, make: () => generateKeyPairSync('ed25519') },
} as const;
const coordinateBytes = { ES256: 32, ES384: 48, ES512: 66 } as const;
export type AccountAlgorithm = keyof typeof algorithms;

/** A fresh account key. */
export function accountKey(alg: AccountAlgorithm = 'ES256'): AccountKey {
  const { digest, make } = algorithms[alg];
  const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } = make();
  // The bare key, and raw r ‖ s made from DER: Node takes twice as long over an object of options.
  const coordinate = alg.startsWith('ES') ? coordinateBytes[alg as keyof typeof coordinateBytes] : undefined;
  return {
    alg,
    jwk: publicKey.export({ format: 'jwk' }),
    sign: (input) => {
      const signature = sign(digest, Buffer.from(input), privateKey);
      return coordinate === undefined ? signature : Buffer.from(ecdsaDerToRaw(signature, coordinate));
    },
  };
}

/** The JWS of a payload: `undefined` for POST-as-GET. */
export function makeJws(key: AccountKey, header: Record<string, unknown>, payload: unknown): Record<string, unknown> {
  const protectedText = toBase64Url(utf8(JSON.stringify(header)));
  const payloadText = payload === undefined ? '' : toBase64Url(utf8(JSON.stringify(payload)));
  const signature = toBase64Url(key.sign(`${protectedText}.${payloadText}`));
  return { protected: protectedText, payload: payloadText, signature };
}

export interface PostOptions {
  /** Replaces members of the protected header; `undefined` removes one. */
  readonly header?: Record<string, unknown>;
  readonly contentType?: string;
  /** HTTP headers beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs with this key instead. */
  readonly key?: AccountKey;
  /** Sends this instead of the JWS. */
  readonly body?: string;
  /** Changes the JWS before it is sent. */
  readonly change?: (jws: Record<string, unknown>) => Record<string, unknown>;
}

export interface Transport {
  request(
    method: string,
    url: string,
    body?: string,
    contentType?: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<AcmeResponse>;
  close(): void;
}

function parse(text: string, type: string | undefined): Record<string, unknown> {
  if (type?.includes('json') !== true || text === '') return {};
  return JSON.parse(text) as Record<string, unknown>;
}

/** HTTPS with kept connections, trusting one root. */
export function httpsTransport(ca: string, maxSockets = 8): Transport {
  const agent = new https.Agent({ keepAlive: true, ca, maxSockets });
  return {
    close: () => agent.destroy(),
    request: (method, url, body, contentType, more = {}) =>
      new Promise((resolve, reject) => {
        const headers =
          body === undefined
            ? more
            : { ...more, 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
        const sent = https.request(url, { method, agent, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              body: parse(text, response.headers['content-type']),
            }),
          );
          response.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(body);
      }),
  };
}

/** One account at one directory. */
export class AcmeTestClient {
  readonly transport: Transport;
  readonly directoryUrl: string;
  key: AccountKey;
  kid: string | undefined;
  #directory: Record<string, string> | undefined;
  #nonce: string | undefined;

  constructor(transport: Transport, directoryUrl: string, key: AccountKey = accountKey()) {
    this.transport = transport;
    this.directoryUrl = directoryUrl;
    this.key = key;
  }

  async directory(): Promise<Record<string, string>> {
    this.#directory ??= (await this.transport.request('GET', this.directoryUrl)).body as Record<string, string>;
    return this.#directory;
  }

  async nonce(): Promise<string> {
    const kept = this.#nonce;
    this.#nonce = undefined;
    if (kept !== undefined) return kept;
    const { headers } = await this.transport.request('HEAD', (await this.directory())['newNonce'] ?? '');
    return String(headers['replay-nonce']);
  }

  /** Signs and posts. The nonce of the answer is kept for the next request. */
  async post(url: string, payload?: unknown, options: PostOptions = {}): Promise<AcmeResponse> {
    const key = options.key ?? this.key;
    const identity = this.kid === undefined ? { jwk: key.jwk } : { kid: this.kid };
    const nonce = options.header !== undefined && 'nonce' in options.header ? undefined : await this.nonce();
    const header = { alg: key.alg, nonce, url, ...identity, ...options.header };
    const jws = makeJws(key, header, payload);
    const body = options.body ?? JSON.stringify(options.change === undefined ? jws : options.change(jws));
    const response = await this.transport.request(
      'POST',
      url,
      body,
      options.contentType ?? 'application/jose+json',
      options.headers,
    );
    const next = response.headers['replay-nonce'];
    if (typeof next === 'string') this.#nonce = next;
    return response;
  }

  async postTo(resource: string, payload?: unknown, options?: PostOptions): Promise<AcmeResponse> {
    return this.post((await this.directory())[resource] ?? '', payload, options);
  }

  async register(payload: object = {}): Promise<AcmeResponse> {
    const response = await this.postTo('newAccount', { termsOfServiceAgreed: true, ...payload });
    if (response.status < 300) this.kid = String(response.headers.location);
    return response;
  }

  async newOrder(names: readonly string[], more: object = {}): Promise<AcmeResponse> {
    const identifiers = names.map((value) => ({ type: parseIpAddress(value) === undefined ? 'dns' : 'ip', value }));
    return this.postTo('newOrder', { identifiers, ...more });
  }

  keyAuthorization(token: string): string {
    const { crv, e, kty, n, x, y } = this.key.jwk;
    const members = Object.fromEntries(
      Object.entries({ crv, e, kty, n, x, y }).filter(([, value]) => value !== undefined),
    );
    return `${token}.${toBase64Url(nodeDigest('sha256', utf8(JSON.stringify(members))))}`;
  }
}

export interface CsrOptions {
  /** As DER where it is one that nobody should write. */
  readonly subject?: DistinguishedName | Uint8Array;
  /** Instead of the alternative names made from the names. */
  readonly alternatives?: readonly GeneralName[];
  readonly extensions?: readonly Extension[];
  readonly key?: ThrowawayKey;
  readonly algorithm?: KeyAlgorithmName;
}

/** A CSR for these names, and its key. */
export async function makeCsr(
  names: readonly string[],
  options: CsrOptions = {},
): Promise<{ csr: string; der: Uint8Array; key: ThrowawayKey }> {
  const key = options.key ?? (await throwawayKey(options.algorithm ?? 'ec-p256'));
  const alternatives =
    options.alternatives ??
    names.map((value) => {
      const octets = parseIpAddress(value);
      return octets === undefined ? ({ kind: 'dns', value } as const) : ({ kind: 'ip', value: octets } as const);
    });
  const extensions = options.extensions ?? (alternatives.length === 0 ? [] : [subjectAltName(alternatives, false)]);
  const { subject = {} } = options;
  const name = subject instanceof Uint8Array ? subject : encodeName(subject);
  const info = encodeCsrInfo({ subject: name, spki: key.spki, extensions });
  const algorithm = chooseSignature(key.algorithm);
  const der = assembleSigned(info, algorithm, await key.sign(algorithm, info));
  return { csr: toBase64Url(der), der, key };
}
