// A page without a browser: the headers a browser sends, the token exchanged, calls, entries and the stream of events.
// Everything that crosses the wire but the entries themselves is kept, for tests that search it.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { utf8 } from '../../../core/ports/bytes.ts';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import { readEvent, type HostEvent } from '../../../desktop/contract/events.ts';
import type { MethodName, RequestOf, ResponseOf } from '../../../desktop/contract/methods.ts';
import type { Reply } from '../../../desktop/contract/reply.ts';
import { packSecret } from '../../../desktop/contract/secret.ts';
import type { Snapshot } from '../../../desktop/contract/shapes.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** One request as it stands: nothing is added to its headers but what HTTP itself needs. */
export function send(port: number, { method = 'POST', path, headers = {}, body }: Asking): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What Chromium says of a script's own request. */
export function ownHeaders(port: number): Record<string, string> {
  return {
    host: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
    'content-type': 'application/json',
  };
}

/** What Chromium says when somebody types the address. */
export function navigationHeaders(port: number): Record<string, string> {
  return {
    host: `127.0.0.1:${port}`,
    'sec-fetch-site': 'none',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
}

export class Page {
  readonly port: number;
  readonly #bearer: string;
  readonly trace: string[] = [];
  readonly events: HostEvent[] = [];
  snapshot: Snapshot | null = null;
  #stop: () => void = () => undefined;
  readonly #waiting = new Set<() => void>();

  private constructor(port: number, bearer: string) {
    this.port = port;
    this.#bearer = bearer;
  }

  /** Opens the printed address. */
  static async open(url: string): Promise<Page> {
    const { port, hash } = new URL(url);
    const token = hash.slice(1);
    const entered = await send(Number(port), {
      path: '/enter',
      headers: ownHeaders(Number(port)),
      body: JSON.stringify({ token }),
    });
    if (entered.status !== 200) throw new Error(`not let in: ${entered.status}`);
    const { response } = JSON.parse(entered.body) as { response: { bearer: string } };
    const page = new Page(Number(port), response.bearer);
    page.#listen();
    return page;
  }

  get headers(): Record<string, string> {
    return { ...ownHeaders(this.port), authorization: `Bearer ${this.#bearer}` };
  }

  async call<M extends MethodName>(method: M, request: RequestOf<M>): Promise<Reply<ResponseOf<M>>> {
    const body = JSON.stringify({ method, request });
    const answered = await send(this.port, { path: '/call', headers: this.headers, body });
    this.trace.push(body, answered.body);
    return JSON.parse(answered.body) as Reply<ResponseOf<M>>;
  }

  /** A call that must be answered. */
  async must<M extends MethodName>(method: M, request: RequestOf<M>): Promise<ResponseOf<M>> {
    const reply = await this.call(method, request);
    if (!reply.ok) throw new Error(`${method}: ${reply.refusal.code} ${reply.refusal.message}`);
    return reply.response;
  }

  async enter(act: number, prompt: string, pin: string): Promise<Refusal | undefined> {
    const body = packSecret({ act, prompt, secret: utf8(pin) });
    const headers = { ...this.headers, 'content-type': 'application/octet-stream' };
    const answered = await send(this.port, { path: '/secret', headers, body });
    this.trace.push(answered.body);
    const reply = JSON.parse(answered.body) as Reply<null>;
    return reply.ok ? undefined : reply.refusal;
  }

  /** An entry that must be taken. */
  async mustEnter(act: number, prompt: string, pin: string): Promise<void> {
    const refusal = await this.enter(act, prompt, pin);
    if (refusal !== undefined) throw new Error(`entry: ${refusal.code} ${refusal.message}`);
  }

  /** Waits until the host has said something that fits. */
  async until<T>(look: (page: Page) => T | undefined): Promise<T> {
    for (;;) {
      const found = look(this);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  close(): void {
    this.#stop();
  }

  #listen(): void {
    const asked = httpRequest(
      { host: '127.0.0.1', port: this.port, method: 'POST', path: '/events', headers: this.headers, agent: false },
      (response) => {
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          const lines = `${rest}${chunk}`.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line !== '') this.#hear(line);
        });
        response.on('error', () => undefined);
      },
    );
    asked.on('error', () => undefined);
    asked.end();
    this.#stop = () => asked.destroy();
  }

  #hear(line: string): void {
    this.trace.push(line);
    const event = readEvent(JSON.parse(line));
    if (event === undefined) throw new Error(`not an event: ${line.slice(0, 200)}`);
    this.events.push(event);
    if (event.event === 'changed') this.snapshot = event.body.snapshot;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
