import type { IncomingHttpHeaders } from 'node:http';

/** Who a request must come from: this server's own page, in a window of its own. */
export interface Own {
  /** `127.0.0.1:PORT`, exactly. */
  readonly host: string;
  readonly origin: string;
}

/** What a browser says a navigation to the page itself is. A frame of any kind is something else. */
const documentDestinations: ReadonlySet<string> = new Set(['document']);
const assetDestinations: ReadonlySet<string> = new Set(['script', 'style', 'image', 'font', 'empty']);

/** Why a request is not from our page, or undefined. Codes are for the log and the tests: a browser gets a bare status. */
export type GateFault =
  | 'gate-host'
  | 'gate-origin'
  | 'gate-site'
  | 'gate-frame'
  | 'gate-mode'
  | 'gate-method'
  | 'gate-type';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** A page, script or style. Only the page may be navigated to, only from nowhere or from itself, and never in a frame. */
function readFault({ path, headers }: Asked, { origin }: Own): GateFault | undefined {
  const claimed = header(headers, 'origin');
  if (claimed !== '' && claimed !== origin) return 'gate-origin';
  const site = header(headers, 'sec-fetch-site');
  const destination = header(headers, 'sec-fetch-dest');
  if (path === '/') {
    if (!documentDestinations.has(destination)) return 'gate-frame';
    if (header(headers, 'sec-fetch-mode') !== 'navigate') return 'gate-mode';
    return site === 'none' || site === 'same-origin' ? undefined : 'gate-site';
  }
  if (site !== 'same-origin') return 'gate-site';
  return assetDestinations.has(destination) ? undefined : 'gate-frame';
}

/** A request that does something: from our own script, with a body no form can send. */
function callFault({ headers }: Asked, { origin }: Own): GateFault | undefined {
  if (header(headers, 'origin') !== origin) return 'gate-origin';
  if (header(headers, 'sec-fetch-site') !== 'same-origin') return 'gate-site';
  if (header(headers, 'sec-fetch-dest') !== 'empty') return 'gate-frame';
  const mode = header(headers, 'sec-fetch-mode');
  if (mode !== 'cors' && mode !== 'same-origin') return 'gate-mode';
  const type = header(headers, 'content-type');
  return type === 'application/json' || type === 'application/octet-stream' ? undefined : 'gate-type';
}

/**
 * Judges a request before anything of it is used. The Host check is against DNS rebinding: a name of somebody else's that
 * points here still says that name. Browsers set the Sec-Fetch headers themselves; a client that has none is no browser
 * of ours.
 */
export function gateFault(asked: Asked, own: Own): GateFault | undefined {
  if (header(asked.headers, 'host') !== own.host) return 'gate-host';
  if (asked.method === 'GET') return readFault(asked, own);
  return asked.method === 'POST' ? callFault(asked, own) : 'gate-method';
}
