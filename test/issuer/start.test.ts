// What the program refuses to start with, and what it says of it.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../core/ports/hex.ts';
import { toPem } from '../../core/x509/pem.ts';
import { throwawayKey } from '../../core/node/throwaway-key.ts';
import { httpsTransport } from '../support/acme.ts';
import { makeBundle, makeHierarchy } from '../support/hierarchy.ts';
import { TestIssuer, type Change, type Exit } from '../support/issuer.ts';
import { createDatabase } from '../support/postgres.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: how the issuer starts: ${missing}`);

describe.skipIf(missing !== undefined)('coldroot-issuer', () => {
  let issuer: TestIssuer;

  beforeAll(async () => {
    issuer = await TestIssuer.create({ database: await createDatabase({ empty: true }) });
  });
  afterAll(() => issuer.remove());

  const config = (): string[] => ['--config', issuer.configFile];

  /** How it ends when it is started with a changed configuration. */
  async function serve(change: Change): Promise<Exit> {
    issuer.configure(change);
    try {
      return await issuer.run('serve', ...config());
    } finally {
      issuer.configure();
    }
  }

  async function loadFile(bytes: Uint8Array, change: Change = {}): Promise<Exit & { stdout: string }> {
    const file = path.join(issuer.directory, 'other.coldroot');
    writeFileSync(file, bytes);
    issuer.configure(change);
    try {
      return await issuer.run('load', ...config(), file);
    } finally {
      issuer.configure();
    }
  }

  describe('migrations', () => {
    it('that are missing make serve and load refuse, and say what to run', async () => {
      for (const exit of [await serve({}), await loadFile(readFileSync(issuer.bundleFile))]) {
        expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining('[migration-missing]') });
        expect(exit.stderr).toContain('coldroot-issuer migrate');
      }
    });

    it('are applied by migrate, once', async () => {
      expect(await issuer.run('migrate', ...config())).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('applied 0001-accounts.sql'),
      });
      expect(await issuer.run('migrate', ...config())).toMatchObject({
        code: 0,
        stdout: 'The database is up to date.\n',
      });
    });
  });

  describe('a bundle', () => {
    it.each<[string, () => Promise<Uint8Array>, Change, string]>([
      ['of another root', async () => makeBundle(await makeHierarchy()), {}, 'bundle-root-missing'],
      ['of another hierarchy', () => makeBundle(issuer.hierarchy), { hierarchy: 'other-corp' }, 'bundle-hierarchy'],
      ['of a rehearsal in production', () => makeBundle(issuer.hierarchy, { rehearsal: true }), {}, 'bundle-rehearsal'],
      [
        'of production in a rehearsal',
        () => makeBundle(issuer.hierarchy),
        { mode: 'rehearsal' },
        'bundle-rehearsal-expected',
      ],
      [
        'that was changed',
        async () => (await makeBundle(issuer.hierarchy)).map((byte, index) => (index === 700 ? byte ^ 1 : byte)),
        {},
        'bundle-',
      ],
      ['that is empty', () => Promise.resolve(new Uint8Array()), {}, 'bundle-empty'],
    ])('%s is refused with its code, and nothing is stored', async (_, make, change, code) => {
      const exit = await loadFile(await make(), change);
      expect(exit).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`[${code}`) });
      expect(await issuer.database.query('SELECT 1 FROM bundles')).toEqual([]);
    });

    it('that cannot be read is refused', async () => {
      expect(await issuer.run('load', ...config(), '/nowhere.coldroot')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('[bundle-unreadable]'),
      });
    });

    it('that was never loaded is missed, when the configuration names none', async () => {
      expect(await serve({ bundle: undefined })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('[bundle-none]'),
      });
      expect(await issuer.run('receipt', ...config())).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('[bundle-none]'),
      });
    });

    it('that is good is loaded, and the same again is fine', async () => {
      const bytes = readFileSync(issuer.bundleFile);
      expect(await loadFile(bytes)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Loaded epoch 1 of example-corp/u),
      });
      expect(await loadFile(bytes)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Loaded before: epoch 1/u),
      });
      const rows = await issuer.database.query<{ epoch: number; bytes: Buffer }>('SELECT epoch, bytes FROM bundles');
      expect(rows).toEqual([{ epoch: 1, bytes }]);
    });

    it('of the same epoch but with other contents is refused, and so is one that skips its predecessor', async () => {
      const conflict = await makeBundle(issuer.hierarchy, {
        approvals: [{ who: 'x', role: 'witness', plan: '0'.repeat(64), act: 1, digest: '0'.repeat(64) }],
      });
      expect((await loadFile(conflict)).stderr).toContain('[bundle-epoch-conflict]');
      const next = await makeBundle(issuer.hierarchy, { epoch: 2, previous: '0'.repeat(64) });
      expect((await loadFile(next)).stderr).toContain('[bundle-previous]');
    });

    it('of the next epoch is loaded, and the older one is not accepted any more', async () => {
      const [last] = await issuer.database.query<{ sums: string }>('SELECT sums FROM bundles');
      const next = await makeBundle(issuer.hierarchy, { epoch: 2, previous: last?.sums ?? '' });
      expect(await loadFile(next)).toMatchObject({ code: 0 });
      expect((await loadFile(readFileSync(issuer.bundleFile))).stderr).toContain('[bundle-epoch-older]');
    });

    it('of a rehearsal is refused in a database that has served production', async () => {
      const exit = await serve({ mode: 'rehearsal', bundle: undefined });
      expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining('[database-of-another-kind]') });
    });
  });

  describe('a configuration that is wider than what was signed', () => {
    it.each<[string, Change, RegExp]>([
      [
        'in its lifetime',
        { lifetime: { max: '91d' } },
        /issuer\.yaml:\d+:\d+ directories\.main\.lifetime\.max: .*7862400 seconds, where the signed policy allows 7776000/u,
      ],
      [
        'in its names',
        { allow: { dns: ['example.internal', 'example.org'] } },
        /directories\.main\.allow\.dns\.1: .*"example\.org" is allowed, but the name constraints/u,
      ],
      ['in a name above the permitted one', { allow: { dns: ['internal'] } }, /allow\.dns\.0: .*"internal"/u],
      ['in its addresses', { allow: { ip: ['127.0.0.0/7'] } }, /allow\.ip\.0|host bits/u],
      ['in its addresses, all of them', { allow: { ip: ['0.0.0.0/0'] } }, /allow\.ip\.0: .*do not permit all of it/u],
      ['in its signature algorithm', { profile: { signature: 'rsa-sha256' } }, /profile\.signature: .*cannot make/u],
      [
        'in its subjects',
        { profile: { subject: { fixed: { O: 'Somebody Else' } } } },
        /profile\.subject\.fixed\.O: .*O "Somebody Else", which the signed policy does not allow/u,
      ],
      ['in its issuer', { issuer: 'issuing-i2' }, /\[issuer-unknown\]/u],
    ])('%s is refused at the start', async (_, main, message) => {
      const exit = await serve({ directories: { main } });
      expect(exit).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
    });
  });

  describe('the token', () => {
    it('whose PIN file others may read is not opened', async () => {
      const pinFile = path.join(issuer.directory, 'pin');
      chmodSync(pinFile, 0o644);
      const exit = await serve({});
      chmodSync(pinFile, 0o600);
      expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining('[secret-exposed]') });
    });

    it('whose PIN is wrong is tried once, and the PIN is not told', async () => {
      writeFileSync(path.join(issuer.directory, 'wrong-pin'), 'wrong-0815', { mode: 0o600 });
      const exit = await serve({ pkcs11: { pinFile: 'wrong-pin' } });
      expect(exit).toMatchObject({ code: 3, stderr: expect.stringContaining('[token-pin-incorrect]') });
      expect(exit.stderr).not.toContain('wrong-0815');
    });

    it('that is not there is told', async () => {
      expect(await serve({ pkcs11: { token: 'no-such-serial' } })).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/\[token-/u),
      });
    });

    it('without the key of the issuing CA is of no use', async () => {
      const { spki } = await throwawayKey('ec-p256');
      const hierarchy = await makeHierarchy({ issuingSpki: spki });
      const file = path.join(issuer.directory, 'keyless.coldroot');
      writeFileSync(file, await makeBundle(hierarchy));
      const database = await createDatabase();
      writeFileSync(path.join(issuer.directory, 'other-url'), database.url, { mode: 0o600 });
      const change = { bundle: file, rootFingerprint: hierarchy.rootFingerprint, database: { urlFile: 'other-url' } };
      const exit = await serve(change);
      expect(exit).toMatchObject({ code: 3, stderr: expect.stringContaining('[token-key-missing]') });
      await database.drop();
    });
  });

  it('a database that cannot be reached ends it with 3, and its URL is not told', async () => {
    const url = 'postgres://me:geheim@127.0.0.1:1/x';
    const exit = await serve({ database: { urlFile: undefined, url } });
    expect(exit).toMatchObject({ code: 3, stderr: expect.stringContaining('[database-unreachable]') });
    expect(exit.stderr).not.toContain('geheim');
  });

  it('a port that is taken ends it with 3', async () => {
    const { createServer } = await import('node:net');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(issuer.ports.https, '127.0.0.1', resolve));
    const exit = await serve({});
    server.close();
    expect(exit).toMatchObject({ code: 3, stderr: expect.stringContaining('[listen-failed]') });
  });

  it('check-config prints what the configuration means', async () => {
    const { code, stdout } = await issuer.run('check-config', issuer.configFile);
    expect(code).toBe(0);
    expect(stdout).toContain(`directory ${issuer.directoryUrl()}`);
  });

  it('starts from the bundle loaded last, when the configuration still names the one before it', async () => {
    await issuer.start();
    const transport = httpsTransport(issuer.rootPem);
    expect((await transport.request('GET', `${issuer.baseUrl}/health`)).body).toMatchObject({
      epoch: 2,
      mode: 'production',
    });
    transport.close();
    expect(await issuer.process.stop()).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.skipIf(missing !== undefined)('a rehearsal', () => {
  it('is served from a rehearsal’s bundle, and says loudly that it is one', async () => {
    const issuer = await TestIssuer.create({ rehearsal: true });
    await issuer.start();
    const warning = issuer.process.lines.find(({ level }) => level === 'warn');
    expect(warning?.['msg']).toMatch(/^THIS IS A REHEARSAL/u);
    const { body } = await issuer.client().transport.request('GET', `${issuer.baseUrl}/health`);
    expect(body).toMatchObject({ mode: 'rehearsal' });
    expect(toPem('CERTIFICATE', issuer.hierarchy.issuing.raw)).toBeTruthy();
    expect(toHex(issuer.hierarchy.issuing.tbs.subject)).toContain(toHex(Buffer.from('REHEARSAL ')));
    await issuer.remove();
  });
});
