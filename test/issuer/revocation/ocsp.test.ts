// RFC 6960, RFC 5019, RFC 9654: what OpenSSL is told about certificates, by an issuer that runs.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { throwawayKey, type ThrowawayKey } from '../../../core/node/throwaway-key.ts';
import { toBase64, toBase64Url } from '../../../core/ports/base64.ts';
import { readAuthorityInfoAccess } from '../../../core/x509/extensions/locations.ts';
import { readCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { oids } from '../../../core/x509/oids.ts';
import { readPem } from '../../../core/x509/pem.ts';
import type { AcmeTestClient } from '../../support/acme.ts';
import { obtain } from '../../support/flows.ts';
import { makeHierarchy } from '../../support/hierarchy.ts';
import { TestIssuer, withIssuerToken } from '../../support/issuer.ts';
import { OpensslOcsp } from '../../support/ocsp.ts';
import { bundleWithSigners, certifyOcspSigner } from '../../support/ocsp-signer.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: OCSP: ${missing}`);

const unknownSerial = '0x112233445566778899aabbccddeeff00';
const requestType = 'application/ocsp-request';
const [malformedRequest, tryLater, unauthorized] = [1, 3, 6].map((status) => Uint8Array.of(0x30, 3, 0x0a, 1, status));

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

describe.skipIf(missing !== undefined)('the OCSP responder', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;
  let openssl: OpensslOcsp;
  let pem: string;

  beforeAll(async () => {
    issuer = await TestIssuer.create({ ocspSigner: 90 });
    openssl = new OpensslOcsp(issuer);
    const profile = { ocsp: openssl.url };
    issuer.configure({ ...configured, directories: { main: { profile } }, ...behindProxy() });
    await issuer.start();
    client = issuer.client();
    await client.register();
    pem = (await obtain(issuer, client, ['one.example.internal'])).chain;
  });
  afterAll(() => issuer.remove());

  const configured = { ocsp: { lifetime: '2h' } };
  const behindProxy = () => ({ behindProxy: { host: '127.0.0.1', port: issuer.ports.behindProxy } });

  const post = (body: Uint8Array, type = requestType, url = openssl.url): Promise<Response> =>
    fetch(url, { method: 'POST', body: Buffer.from(body), headers: { 'content-type': type } });

  async function revoke(chain: string, reason: number): Promise<void> {
    const certificate = toBase64Url(readPem(chain)[0]?.bytes ?? new Uint8Array());
    expect((await client.postTo('revokeCert', { certificate, reason })).status).toBe(200);
  }

  it('is named in certificates where the profile says so, beside the issuer’s certificate', () => {
    const { extensions } = readCertificate(readPem(pem)[0]?.bytes ?? new Uint8Array()).tbs;
    const access = extensions.find(({ oid }) => oid === oids.authorityInfoAccess)?.value ?? new Uint8Array();
    expect(readAuthorityInfoAccess(access)).toMatchObject({
      ocsp: [openssl.url],
      caIssuers: [`http://127.0.0.1:${issuer.ports.publish}/ca/issuing-i1.cer`],
    });
  });

  it('says good of a certificate that was issued, signed by whom the bundle names', async () => {
    const said = await openssl.ask({ pem });
    expect(said).toContain('Response verify OK');
    expect(said).toMatch(/: good\n/u);
    expect(said).toContain('BEGIN CERTIFICATE');
    expect(said).toContain('Example Corp OCSP Signer O1');
    expect(said).not.toContain('WARNING');
  });

  it('says revoked, when and why, as soon as the revocation is answered, though it said good before', async () => {
    const { chain } = await obtain(issuer, client, ['two.example.internal']);
    expect(await openssl.ask({ pem: chain }, '-no_nonce')).toMatch(/: good\n/u);
    await revoke(chain, 1);
    for (const more of [['-no_nonce'], []]) {
      const said = await openssl.ask({ pem: chain }, ...more);
      expect(said).toContain('Response verify OK');
      expect(said).toMatch(/: revoked\n/u);
      expect(said).toContain('Reason: keyCompromise');
      expect(said).toContain('Revocation Time: ');
    }
  });

  /** As the store would have it: a certificate with this serial number (INTEGER content octets in hex). */
  async function record(serial: string, status: 'intended' | 'issued'): Promise<void> {
    await issuer.database.query(
      `INSERT INTO certificates
         (serial, issuer, status, tbs_sha256, spki_sha256, names, not_before, not_after, intended_at, der)
       SELECT decode('${serial}', 'hex'), issuer, '${status}', tbs_sha256, spki_sha256, names, not_before, not_after,
         now() + interval '1 hour', ${status === 'issued' ? 'der' : 'NULL'}
       FROM certificates WHERE status = 'issued' LIMIT 1`,
    );
  }

  it('answers unauthorized, unsigned, about a serial number that was never issued, and never good', async () => {
    const answer = await post(await openssl.request({ serial: unknownSerial }, '-no_nonce'));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await bytesOf(answer)).toEqual(unauthorized);
    expect(await bytesOf(await post(await openssl.request({ serial: unknownSerial })))).toEqual(unauthorized);
  });

  it('answers unauthorized about a certificate that was to be signed and is not stored', async () => {
    const serial = '5566778899aabbccddee';
    await record(serial, 'intended');
    expect(await bytesOf(await post(await openssl.request({ serial: `0x${serial}` })))).toEqual(unauthorized);
  });

  it('answers unauthorized about the certificates of another CA, and is not found under another name', async () => {
    const { directory, ports, rootFile } = issuer;
    const other = new OpensslOcsp({ directory, ports, rootFile, hierarchy: await makeHierarchy() });
    const request = await other.request({ serial: unknownSerial }, '-no_nonce');
    expect(await bytesOf(await post(request))).toEqual(unauthorized);
    expect((await post(request, requestType, openssl.url.replace('i1', 'i2'))).status).toBe(404);
  });

  it('answers GET like POST: base64 in the path as it is or escaped, with slashes in a row, on each listener', async () => {
    await record(`00${'ff'.repeat(16)}`, 'issued');
    const request = await openssl.request({ serial: `0x${'ff'.repeat(16)}` }, '-no_nonce');
    const encoded = toBase64(request);
    expect(encoded).toContain('//');
    const proxied = `http://127.0.0.1:${issuer.ports.behindProxy}/ocsp/issuing-i1`;
    for (const url of [openssl.url, proxied]) {
      for (const each of [encoded, encodeURIComponent(encoded)]) {
        const answer = await fetch(`${url}/${each}`);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toBe('application/ocsp-response');
        const said = await openssl.read(await bytesOf(answer), { serial: `0x${'ff'.repeat(16)}` });
        expect(said).toMatch(/: good\n/u);
      }
    }
  });

  it('keeps an answer without a nonce, which caches may keep for a minute and ask for by its ETag', async () => {
    const url = `${openssl.url}/${encodeURIComponent(toBase64(await openssl.request({ pem }, '-no_nonce')))}`;
    const [first, second] = [await fetch(url), await fetch(url)];
    const bytes = await bytesOf(first);
    expect(await bytesOf(second)).toEqual(bytes);
    expect(await openssl.read(bytes, { pem })).toMatch(/: good\n/u);
    expect(first.headers.get('cache-control')).toBe('max-age=60, public, no-transform, must-revalidate');
    const [made, ends] = ['last-modified', 'expires'].map((name) => Date.parse(first.headers.get(name) ?? '') / 1000);
    expect((ends ?? 0) - (made ?? 0)).toBe(7200);
    expect(made).toBeLessThanOrEqual(Date.now() / 1000);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toBe(`"${Buffer.from(nodeDigest('sha256', bytes)).toString('hex')}"`);
    const again = await fetch(url, { headers: { 'if-none-match': etag } });
    expect([again.status, again.headers.get('etag'), (await bytesOf(again)).length]).toEqual([304, etag, 0]);
    expect((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('repeats a nonce in an answer of its own, which nobody keeps', async () => {
    const request = await openssl.request({ pem });
    const [first, second] = [await post(request), await post(request)];
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.headers.get('etag')).toBeNull();
    expect(await bytesOf(second)).not.toEqual(await bytesOf(first));
    // With a nonce of its own OpenSSL compares, and warns where there is none in the answer.
    expect(await openssl.ask({ pem }, '-nonce')).not.toMatch(/nonce error|no nonce/iu);
  });

  it.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['no DER', () => Buffer.from('hello')],
    ['an octet too many', async () => Buffer.concat([await openssl.request({ pem }), Buffer.from([0])])],
    ['an octet too few', async () => (await openssl.request({ pem })).subarray(0, -1)],
    ['5000 octets', () => Buffer.alloc(5000, 0x30)],
    ['a certificate', () => readPem(pem)[0]?.bytes ?? new Uint8Array()],
  ])('answers malformedRequest to %s', async (_, make) => {
    const answer = await post(await make());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/ocsp-response']);
    expect(await bytesOf(answer)).toEqual(malformedRequest);
  });

  it('answers malformedRequest to another type, and to what is not base64 in a path', async () => {
    expect(await bytesOf(await post(await openssl.request({ pem }), 'application/json'))).toEqual(malformedRequest);
    const ask = (inPath: string): Promise<Response> => fetch(`${openssl.url}/${inPath}`);
    for (const each of ['', 'MA', '%00', 'x'.repeat(9000)]) {
      expect(await bytesOf(await ask(each))).toEqual(malformedRequest);
    }
    // No URL at all: HTTP's own refusal.
    expect((await ask('M%2')).status).toBe(400);
    // ACME takes no OCSP requests.
    const acme = await post(
      Buffer.from('{}'),
      requestType,
      `http://127.0.0.1:${issuer.ports.behindProxy}/acme/main/new-order`,
    );
    expect(acme.status).toBe(415);
  });

  it('counts its answers by how they came about', async () => {
    const text = await (await fetch(`http://127.0.0.1:${issuer.ports.metrics}/metrics`)).text();
    for (const how of ['signed', 'kept', 'malformedRequest', 'unauthorized']) {
      expect(text).toMatch(new RegExp(`coldroot_ocsp_seconds_count\\{answer="${how}"\\} [1-9]`, 'u'));
    }
  });

  it('has answers signed by the signer that lasts longest, of those whose keys are on our token', async () => {
    const { delegated } = await loadDelegates(issuer);
    const said = await openssl.ask({ pem }, '-no_nonce');
    expect(said).toContain('Response verify OK');
    expect(said).toMatch(/: good\n/u);
    expect(said).toContain('Example Corp OCSP Signer O2');
    const der = await bytesOf(await post(await openssl.request({ pem }, '-no_nonce')));
    expect(Buffer.from(der).includes(Buffer.from(delegated.raw))).toBe(true);
  });

  it('answers tryLater while the token is away, and goes on with what it has signed, also to those who send a nonce', async () => {
    const { chain: other } = await obtain(issuer, client, ['away.example.internal']);
    const never = await openssl.request({ pem: other });
    const [fresh, kept] = [await openssl.request({ pem }), await openssl.request({ pem }, '-no_nonce')];
    const signed = await bytesOf(await post(kept));
    const tokens = path.join(issuer.softHsm.directory, 'tokens');
    renameSync(tokens, `${tokens}-away`);
    const away = await bytesOf(await post(never));
    const goesOn = await bytesOf(await post(kept));
    const withoutNonce = await bytesOf(await post(fresh));
    renameSync(`${tokens}-away`, tokens);
    expect(away).toEqual(tryLater);
    expect(goesOn).toEqual(signed);
    expect(withoutNonce).toEqual(signed);
    const lines = issuer.process.lines.filter(({ msg }) => msg === 'no OCSP answer was signed');
    const faults = lines.map(({ err }) => err as { code: string; stack: string });
    // One line for each kind of fault, however often it was met.
    expect(new Set(faults.map(({ code }) => code)).size).toBe(faults.length);
    expect(faults.every(({ code, stack }) => code.startsWith('token-') && stack === '')).toBe(true);
    expect(faults.length).toBeGreaterThan(0);
  });
});

/** Loads a bundle with two more OCSP signers: one whose key is on the issuer's token, and one that lasts longer but is not. */
async function loadDelegates(issuer: TestIssuer): Promise<{ readonly delegated: Certificate }> {
  const { hierarchy, softHsm } = issuer;
  const serial = /^\s+token: (.+)$/mu.exec(readFileSync(issuer.configFile, 'utf8'))?.[1] ?? '';
  const elsewhere = (await throwawayKey('ec-p256')).spki;
  const [delegated, absent] = await withIssuerToken(softHsm, serial, async (token) => {
    const { spki } = await token.generateKey({ algorithm: 'ec-p256', label: 'ocsp-o2', id: Uint8Array.of(9, 9) });
    const ca: Pick<ThrowawayKey, 'sign'> = {
      sign: (algorithm, message) => token.sign({ spki: hierarchy.issuing.tbs.spki }, algorithm, message),
    };
    const certify = (CN: string, key: Uint8Array, days: number) =>
      certifyOcspSigner(hierarchy, key, ca, { CN, days, from: 1 });
    return [
      await certify('Example Corp OCSP Signer O2', spki, 120),
      await certify('Example Corp OCSP Signer O3', elsewhere, 180),
    ] as const;
  });
  const [last] = await issuer.database.query<{ sums: string }>('SELECT sums FROM bundles ORDER BY epoch DESC LIMIT 1');
  const signers = [
    { name: 'ocsp-o2', certificate: delegated },
    { name: 'ocsp-o3', certificate: absent },
  ];
  const file = path.join(issuer.directory, 'epoch-2.coldroot');
  writeFileSync(file, await bundleWithSigners(hierarchy, signers, { epoch: 2, previous: last?.sums ?? '' }));
  const { code, stderr } = await issuer.run('load', '--config', issuer.configFile, file);
  expect([code, stderr]).toEqual([0, '']);
  await issuer.process.waitForLine('a new bundle is live');
  return { delegated };
}

describe.skipIf(missing !== undefined)('the configuration of OCSP', () => {
  let issuer: TestIssuer;

  beforeAll(async () => {
    issuer = await TestIssuer.create({ keys: 'file', ocspSigner: 90 });
  });
  afterAll(() => issuer.remove());

  it('is refused to be left out where a profile names a responder', async () => {
    issuer.configure({ directories: { main: { profile: { ocsp: 'http://pki.example.internal/ocsp/issuing-i1' } } } });
    const { code, stderr } = await issuer.run('check-config', issuer.configFile);
    expect(code).toBe(1);
    expect(stderr).toMatch(/issuer\.yaml:\d+:\d+ .*"ocsp" is not configured/u);
  });

  it('is refused at the start where nobody may sign: the CA may not, and the signer’s key is elsewhere', async () => {
    issuer.configure({ ocsp: {}, keyFiles: { files: ['issuing.key'] } });
    const { code, stderr } = await issuer.run('serve', '--config', issuer.configFile, '--migrate');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ocsp: The key of no OCSP signer .*"issuing-i1".*: ocsp-o1\. .*\[ocsp-no-signer\]\n$/u);
  });

  it('left out means that there is no responder; with nonces off, every answer is one to keep', async () => {
    issuer.configure();
    const openssl = new OpensslOcsp(issuer);
    await issuer.start();
    const request = Buffer.from(await openssl.request({ serial: unknownSerial }));
    const headers = { 'content-type': requestType };
    expect((await fetch(openssl.url, { method: 'POST', body: request, headers })).status).toBe(404);
    await issuer.process.stop();
    issuer.configure({ ocsp: { nonces: false } });
    await issuer.start();
    const client = issuer.client();
    await client.register();
    const { chain: pem } = await obtain(issuer, client, ['three.example.internal']);
    const said = await openssl.ask({ pem });
    expect(said).toMatch(/: good\n/u);
    expect(said).toContain('no nonce in response');
    const body = Buffer.from(await openssl.request({ pem }));
    const answer = await fetch(openssl.url, { method: 'POST', body, headers });
    expect(answer.headers.get('cache-control')).toContain('public');
  });
});
