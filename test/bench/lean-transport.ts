// An HTTP/1.1 client for the benchmark alone: one connection, one request at a time, answers with Content-Length. node:http's
// client costs as much per request as the issuer does, and would be what is measured.
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AcmeResponse, Transport } from '../support/acme.ts';

const endOfHead = '\r\n\r\n';

interface Waiting {
  readonly method: string;
  resolve(response: AcmeResponse): void;
  reject(error: Error): void;
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  return headers;
}

/** The answer at the beginning of the bytes and how many it takes; undefined while it is not all there. */
function readAnswer(bytes: Buffer, method: string): { answer: AcmeResponse; length: number } | undefined {
  const head = bytes.indexOf(endOfHead);
  if (head < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, head).split('\r\n');
  const headers = headersOf(lines);
  if (headers['transfer-encoding'] !== undefined) throw new Error('an answer in chunks');
  const begin = head + endOfHead.length;
  const end = begin + (method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0));
  if (bytes.length < end) return undefined;
  const text = bytes.toString('utf8', begin, end);
  const json = headers['content-type']?.includes('json') === true && text !== '';
  const body = json ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { answer: { status: Number(first.split(' ')[1]), headers, text, body }, length: end };
}

/** Over TLS to a port of this machine, trusting one root, or plainly when `ca` is undefined. Whatever host a URL names. */
export function leanTransport(port: number, ca: string | undefined): Transport {
  let socket: Socket | undefined;
  let waiting: Waiting | undefined;
  let received: Buffer = Buffer.alloc(0);
  const fail = (error: Error): void => {
    socket?.destroy();
    socket = undefined;
    waiting?.reject(error);
    waiting = undefined;
  };
  const onData = (chunk: Buffer): void => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    if (waiting === undefined) return fail(new Error('an answer to no request'));
    try {
      const found = readAnswer(received, waiting.method);
      if (found === undefined) return;
      received = received.subarray(found.length);
      const { resolve } = waiting;
      waiting = undefined;
      resolve(found.answer);
    } catch (error) {
      fail(error as Error);
    }
  };
  const open = (): Socket => {
    const made =
      ca === undefined
        ? connectPlain({ host: '127.0.0.1', port })
        : connectTls({ host: '127.0.0.1', port, ca, servername: 'localhost' });
    made.setNoDelay(true);
    made.on('data', onData);
    made.on('error', fail);
    made.on('close', () => {
      if (made === socket) fail(new Error('the connection ended'));
    });
    return made;
  };
  return {
    close: () => {
      const last = socket;
      socket = undefined;
      last?.destroy();
    },
    request: (method, url, body = '', contentType = 'application/jose+json') =>
      new Promise((resolve, reject) => {
        if (waiting !== undefined) throw new Error('one request at a time');
        socket ??= open();
        waiting = { method, resolve, reject };
        const { pathname, host } = new URL(url);
        const type = body === '' ? '' : `Content-Type: ${contentType}\r\n`;
        const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
        socket.write(`${method} ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${type}${length}\r\n${body}`);
      }),
  };
}
