import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { Bridge } from '../../contract/bridge.ts';
import { readEvent, type HostEvent } from '../../contract/events.ts';
import { refuse, type Reply } from '../../contract/reply.ts';
import { packSecret } from '../../contract/secret.ts';

/** The bearer lives as long as this tab: a reload finds it, another tab does not, and nothing is written to a disk. */
const kept = 'coldroot-bearer';
const retryMilliseconds = 500;
const gone: Refusal = {
  code: 'window-gone',
  message: 'The program behind this window does not answer.',
  remedy: 'Start it again in its terminal and open the new address; a ceremony that was open can be resumed.',
};

type Listener = (event: HostEvent) => void;
type Watcher = (gone: Refusal | undefined) => void;

/** The stream of events, or undefined when nothing answers at all. */
function openStream(bearer: string): Promise<Response | undefined> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
  return fetch('/events', { method: 'POST', headers }).catch(() => undefined);
}

/** Exchanges the token of the printed address, which works once and is taken out of the address bar at once. */
async function enter(): Promise<string | undefined> {
  const token = location.hash.slice(1);
  if (token === '') return sessionStorage.getItem(kept) ?? undefined;
  history.replaceState(null, '', '/');
  const response = await fetch('/enter', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => undefined);
  if (response?.ok !== true) return undefined;
  const reply = (await response.json()) as { readonly response: { readonly bearer: string } };
  sessionStorage.setItem(kept, reply.response.bearer);
  return reply.response.bearer;
}

async function post(bearer: string | undefined, path: string, type: string, body: BodyInit): Promise<Reply<unknown>> {
  if (bearer === undefined) {
    const remedy = 'Use the address that was printed last; it works once.';
    return refuse('window-not-admitted', 'This page was not opened with a fresh address.', remedy);
  }
  try {
    const headers = { 'content-type': type, authorization: `Bearer ${bearer}` };
    const response = await fetch(path, { method: 'POST', headers, body });
    if (response.ok) return (await response.json()) as Reply<unknown>;
    return response.status === 413
      ? refuse('contract-too-large', 'The request is too large.', 'Shorten what was typed.')
      : { ok: false, refusal: gone };
  } catch {
    return { ok: false, refusal: gone };
  }
}

/** Reads lines of JSON until the stream ends. */
async function readLines(stream: ReadableStream<Uint8Array>, hear: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = `${rest}${decoder.decode(value, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') hear(line);
  }
}

/**
 * Listens for as long as the page lives, and begins again when the stream breaks. Where it cannot begin again, the program is
 * gone, and people are told at once and not by their next answer.
 */
async function listen(bearer: string, listeners: ReadonlySet<Listener>, watch: Watcher): Promise<never> {
  for (;;) {
    try {
      const response = await openStream(bearer);
      watch(response?.ok === true ? undefined : gone);
      if (response?.ok === true && response.body !== null) {
        await readLines(response.body, (line) => {
          const event = readEvent(JSON.parse(line));
          if (event !== undefined) for (const listener of listeners) listener(event);
        });
      }
    } catch {
      // The program ended or the machine slept: what was missed is asked for after the next beginning.
    }
    await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
  }
}

/** The bridge of the browser shell: a page and its host on 127.0.0.1 (desktop/loopback). */
export function loopbackBridge(): Bridge {
  const bearer = enter();
  const listeners = new Set<Listener>();
  let watcher: Watcher = () => undefined;
  const watch: Watcher = (refusal) => {
    watcher(refusal);
  };
  void bearer.then((admitted) => (admitted === undefined ? undefined : listen(admitted, listeners, watch)));
  return {
    call: async (method, request) =>
      (await post(await bearer, '/call', 'application/json', JSON.stringify({ method, request }))) as never,
    secret: async (message) => {
      const packed = packSecret(message);
      message.secret.fill(0);
      try {
        return (await post(await bearer, '/secret', 'application/octet-stream', packed)) as Reply<null>;
      } finally {
        packed.fill(0);
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch: (listener) => {
      watcher = listener;
    },
  };
}
