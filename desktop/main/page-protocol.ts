import type { Protocol } from 'electron';
import type { Asset } from '../host/assets.ts';
import { pageHeaders } from '../host/page-policy.ts';
import { pagePath, scheme } from './page-address.ts';

/** Said before Electron is ready: the scheme is an origin like https, and may not be fetched from elsewhere. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true } }]);
}

/** Serves the files of the page, which were read at the start; no address is ever a path on the disk. */
export function servePage(protocol: Pick<Protocol, 'handle'>, assets: ReadonlyMap<string, Asset>): void {
  protocol.handle(scheme, ({ method, url }) => {
    const path = pagePath(url);
    const asset = method === 'GET' && path !== undefined ? assets.get(path) : undefined;
    if (asset === undefined) return new Response(null, { status: 404, headers: pageHeaders });
    const body = new Uint8Array(asset.bytes);
    return new Response(body, { headers: { ...pageHeaders, 'content-type': asset.type } });
  });
}
