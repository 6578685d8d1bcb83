// ACME over plain HTTP, as from a proxy on the same machine that has ended TLS.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcmeResponse, Transport } from '../support/acme.ts';
import { obtain } from '../support/flows.ts';
import { TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: behind a proxy: ${missing}`);

/** Sends to a port what is meant for the base URL, as a proxy does that was asked by `address`. */
function proxied(port: number, forwarded: string): Transport {
  return {
    close: () => undefined,
    async request(method, url, body, contentType = 'application/jose+json'): Promise<AcmeResponse> {
      const { pathname } = new URL(url);
      const response = await fetch(`http://127.0.0.1:${port}${pathname}`, {
        method,
        headers: { 'x-forwarded-for': forwarded, ...(body === undefined ? {} : { 'content-type': contentType }) },
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text,
        body: json ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
  };
}

describe.skipIf(missing !== undefined)('behind a proxy that ends TLS', () => {
  let issuer: TestIssuer;

  beforeAll(async () => {
    issuer = await TestIssuer.create({ keys: 'file' });
    const rateLimits = { newAccountsPerAddress: { count: 1, per: '1h' } };
    issuer.configure({
      behindProxy: { host: '127.0.0.1', port: issuer.ports.behindProxy },
      directories: { narrow: { rateLimits } },
    });
    await issuer.start();
  });
  afterAll(() => issuer.remove());

  it('a certificate is had over plain HTTP, and every URL is of the base that clients know', async () => {
    const client = issuer.client({ transport: proxied(issuer.ports.behindProxy, '192.0.2.1') });
    expect((await client.directory())['newOrder']).toBe(`${issuer.baseUrl}/acme/main/new-order`);
    await client.register();
    expect(client.kid).toMatch(new RegExp(`^${issuer.baseUrl}/acme/main/`, 'u'));
    const { chain } = await obtain(issuer, client, ['proxied.example.internal']);
    expect(chain).toMatch(/^-----BEGIN CERTIFICATE-----/u);
  });

  it('limits go by the address the proxy says last, whatever the client claims to be', async () => {
    const from = (forwarded: string): Promise<AcmeResponse> =>
      issuer.client({ directory: 'narrow', transport: proxied(issuer.ports.behindProxy, forwarded) }).register();
    expect((await from('192.0.2.7')).status).toBe(201);
    expect(problemOf(await from('198.51.100.1, 192.0.2.7'))).toBe('rateLimited 429');
    expect((await from('192.0.2.8')).status).toBe(201);
  });
});

describe('the configuration of a listener behind a proxy', () => {
  it('is refused where others could reach it', async () => {
    const issuer = await TestIssuer.create({ keys: 'file' });
    try {
      issuer.configure({ behindProxy: { host: '0.0.0.0', port: issuer.ports.behindProxy } });
      const { code, stderr } = await issuer.run('check-config', issuer.configFile);
      expect(code).toBe(1);
      expect(stderr).toContain('must be on this machine alone');
    } finally {
      await issuer.remove();
    }
  });
});
