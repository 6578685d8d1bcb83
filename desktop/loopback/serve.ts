import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { fromUtf8 } from '../../core/ports/bytes.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import type { Entropy } from '../../core/ports/entropy.ts';
import { dispatch } from '../contract/dispatch.ts';
import { limits } from '../contract/limits.ts';
import { refuse, type Reply } from '../contract/reply.ts';
import { unpackSecret } from '../contract/secret.ts';
import type { Asset } from '../host/assets.ts';
import type { WindowHost } from '../host/host.ts';
import { pageHeaders } from '../host/page-policy.ts';
import { Admission } from './admission.ts';
import { readBody } from './body.ts';
import { EventStream } from './event-stream.ts';
import { gateFault, type Own } from './gate.ts';

/** The one address it listens on: never the machine's own in a network. */
const address = '127.0.0.1';
/** A page has a stream, a call or two and its files. */
const mostConnections = 16;
const headerMilliseconds = 10_000;
const requestMilliseconds = 30_000;
const secretHeadBytes = 1024;

export interface Loopback {
  /** Works once: it holds the token. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface LoopbackSetting {
  readonly host: WindowHost;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly entropy: Entropy;
  /** 0: any that is free. */
  readonly port: number;
  /** Gets what was refused at the door, by code, for whoever watches the terminal. Never anything a client sent. */
  readonly refused?: (code: string) => void;
}

function answer(response: ServerResponse, status: number, reply: Reply<unknown>): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply));
}

/** A client that is not our page is told nothing: no reason, no hint. */
function turnAway(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
  response.end();
}

const tokenSchema = z.strictObject({ token: z.string().max(200) });

/** A request that has passed the gate. */
interface Admitted {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Uint8Array;
}

class Door {
  readonly #setting: LoopbackSetting;
  readonly #admission: Admission;
  readonly #stream = new EventStream();
  readonly #forget: () => void;

  constructor(setting: LoopbackSetting, admission: Admission) {
    this.#setting = setting;
    this.#admission = admission;
    this.#forget = setting.host.subscribe((event) => {
      this.#stream.send(event);
    });
  }

  close(): void {
    this.#forget();
    this.#stream.close();
  }

  async receive(request: IncomingMessage, response: ServerResponse, own: Own): Promise<void> {
    for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
    const path = request.url ?? '';
    const fault = gateFault({ method: request.method ?? '', path, headers: request.headers }, own);
    if (fault !== undefined) {
      this.#setting.refused?.(fault);
      turnAway(response, 403);
      return;
    }
    if (request.method === 'GET') this.#asset(path, response);
    else await this.#post(path, request, response);
  }

  #asset(path: string, response: ServerResponse): void {
    const asset = this.#setting.assets.get(path);
    if (asset === undefined) {
      turnAway(response, 404);
      return;
    }
    response.writeHead(200, { 'content-type': asset.type });
    response.end(asset.bytes);
  }

  async #post(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const routes: Readonly<
      Record<string, { readonly most: number; readonly act: (admitted: Admitted) => Promise<void> }>
    > = {
      '/enter': { most: 1024, act: (admitted) => this.#enter(admitted) },
      '/call': { most: limits.requestBytes, act: (admitted) => this.#call(admitted) },
      '/secret': { most: limits.secretBytes + secretHeadBytes, act: (admitted) => this.#secret(admitted) },
      '/events': {
        most: 0,
        act: (admitted) => this.#events(admitted),
      },
    };
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) {
      turnAway(response, 404);
      return;
    }
    // Before the body: nobody but the page makes us read anything.
    if (path !== '/enter' && !this.#admission.admits(request.headers.authorization)) {
      this.#setting.refused?.('gate-token');
      turnAway(response, 401);
      return;
    }
    const body = await readBody(request, route.most);
    if (body === undefined) {
      this.#setting.refused?.('gate-too-large');
      turnAway(response, 413);
      return;
    }
    await route.act({ request, response, body });
  }

  #enter({ response, body }: Admitted): Promise<void> {
    const parsed = tokenSchema.safeParse(readJson(body));
    const bearer = parsed.success ? this.#admission.exchange(parsed.data.token) : undefined;
    if (bearer === undefined) {
      this.#setting.refused?.('gate-token');
      turnAway(response, 401);
    } else answer(response, 200, { ok: true, response: { bearer } });
    return Promise.resolve();
  }

  /** A page that comes back has missed something: it begins with everything that is to be shown now. */
  async #events({ response }: Admitted): Promise<void> {
    this.#stream.open(response);
    this.#stream.send({ event: 'changed', body: await this.#setting.host.handlers.snapshot({}) });
  }

  async #call({ response, body }: Admitted): Promise<void> {
    answer(response, 200, await dispatch(this.#setting.host.handlers, readJson(body)));
  }

  async #secret({ response, body }: Admitted): Promise<void> {
    const unpacked = unpackSecret(body);
    answer(response, 200, unpacked.ok ? await this.#setting.host.secret(unpacked.response) : unpacked);
  }
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(body) ?? '');
  } catch {
    return undefined;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = `Port ${port} on ${address} cannot be used (${error.code ?? 'unknown'}).`;
      reject(
        new CodedError({
          code: 'window-port',
          message,
          remedy: 'Choose another, or none: then any free one is taken.',
        }),
      );
    });
    server.listen(port, address, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Serves a window's page and its host to one browser on this machine, and to nobody else. */
export async function serveWindow(setting: LoopbackSetting): Promise<Loopback> {
  const admission = new Admission(setting.entropy);
  const door = new Door(setting, admission);
  let own: Own = { host: '', origin: '' };
  const server = createServer(
    { headersTimeout: headerMilliseconds, requestTimeout: requestMilliseconds, maxHeaderSize: 8192 },
    (request, response) => {
      door.receive(request, response, own).catch(() => {
        // A client that went away in the middle of its request, or a fault of ours that must not end the ceremony.
        if (response.headersSent) response.destroy();
        else answer(response, 500, refuse('contract-fault', 'The program failed inside.', 'Report this.'));
      });
    },
  );
  server.maxConnections = mostConnections;
  const port = await listen(server, setting.port);
  own = { host: `${address}:${port}`, origin: `http://${address}:${port}` };
  return {
    url: `${own.origin}/#${admission.token}`,
    port,
    close: async () => {
      door.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
