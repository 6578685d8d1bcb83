import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { connectionFailure, wrongResponse } from './failures.ts';

export interface FetchOptions {
  readonly url: URL;
  /** Connected to exactly this, whatever the URL's host resolves to. */
  readonly address: string;
  readonly port: number;
  /** Longest body in bytes. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Of a redirect. */
  readonly location: string | undefined;
  readonly body: string;
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** One address that swallows packets must leave time for the next. */
const connectMilliseconds = 4000;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'no answer in time',
  EPROTO: 'TLS failed',
  HPE_INVALID_CONSTANT: 'the answer is not HTTP',
};

function reasonOf(error: Error, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return reasons[code] ?? 'the connection failed';
}

function optionsFor({ url, address, port, signal }: FetchOptions): RequestOptions {
  return {
    host: address,
    family: isIP(address),
    port,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    // Never an agent of the process: no kept connections, no proxy from the environment.
    agent: false,
    signal,
    maxHeaderSize: 16_384,
    headers: { host: url.host, 'user-agent': 'coldroot-issuer', accept: '*/*', connection: 'close' },
  };
}

function request(options: FetchOptions): ClientRequest {
  const { url } = options;
  if (url.protocol === 'http:') return http.request(optionsFor(options));
  // Certificates are not checked: a host often redirects to https with the very certificate it wants to replace.
  const tls = isIP(url.hostname) === 0 ? { servername: url.hostname } : {};
  return https.request({ ...optionsFor(options), ...tls, rejectUnauthorized: false });
}

async function readBody(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) {
      response.destroy();
      throw wrongResponse('The answer is longer than a key authorization.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** One GET to one address. `connection` problems for what happens on the way, never a word of what was answered. */
export async function fetchFrom(options: FetchOptions): Promise<Answer> {
  const { url, limit, signal } = options;
  const failed = (error: Error): Error =>
    connectionFailure(`Fetching from ${url.host} failed: ${reasonOf(error, signal)}.`);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(options);
    const timer = setTimeout(
      () => sent.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })),
      connectMilliseconds,
    );
    sent.on('socket', (socket) => socket.once('connect', () => clearTimeout(timer)));
    sent.once('error', (error) => reject(failed(error)));
    // A server that changes the protocol (101) gives neither an answer nor an error.
    sent.once('close', () => {
      clearTimeout(timer);
      reject(failed(new Error()));
    });
    sent.once('response', resolve);
    sent.end();
  });
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (redirects.has(status) && location !== undefined) {
    response.destroy();
    return { status, location, body: '' };
  }
  try {
    return { status, location: undefined, body: status === 200 ? await readBody(response, limit) : '' };
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.name !== 'AcmeProblem' ? failed(error) : error;
  } finally {
    response.destroy();
  }
}
