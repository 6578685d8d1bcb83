// External account keys at rest: in the clear, sealed, sealed anew under another key; over the running program.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcmeResponse } from '../support/acme.ts';
import { bindWith } from '../support/external-binding.ts';
import { freePort } from '../support/free-port.ts';
import { operatorsToken, TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: sealed external account keys: ${missing}`);

interface External {
  readonly kid: string;
  readonly hmacKey: string;
}

describe.skipIf(missing !== undefined)('external account keys in the database', () => {
  let issuer: TestIssuer;
  let old: External;
  let sealed: External;
  const inClear = 'EXTERNAL ACCOUNT KEYS ARE STORED IN THE CLEAR: whoever reads the database can use them';

  beforeAll(async () => {
    const admin = { host: '127.0.0.1', port: await freePort(), tokenFile: 'admin-token' };
    const directory = {
      issuer: 'issuing-i1',
      profile: { type: 'leaf' },
      lifetime: { default: '1d', max: '1d' },
      challenges: ['http-01'],
      allow: { dns: ['example.internal'] },
      externalAccountRequired: true,
    };
    issuer = await TestIssuer.create({ keys: 'file', change: { admin, directories: { bound: directory } } });
    const secrets = { 'admin-token': operatorsToken, ...sealingKeys };
    for (const [name, text] of Object.entries(secrets)) {
      writeFileSync(path.join(issuer.directory, name), text, { mode: 0o600 });
    }
    await issuer.start();
  });
  afterAll(() => issuer.remove());

  const sealingKeys = {
    'seal-1': randomBytes(32).toString('base64'),
    'seal-2': randomBytes(32).toString('base64'),
    'seal-3': randomBytes(32).toString('base64'),
  };

  async function restart(...keyFiles: string[]): Promise<void> {
    await issuer.process.stop();
    issuer.configure({ sealing: { keyFiles } });
    await issuer.start();
  }

  async function ask<T>(act: string, ...argv: string[]): Promise<T> {
    const { code, stdout, stderr } = await issuer.run(act, '--config', issuer.configFile, '--json', ...argv);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  const add = (label: string): Promise<External> =>
    ask('eab-add', '--directory', 'bound', '--label', label, '--reusable');

  async function register({ kid, hmacKey }: External): Promise<AcmeResponse> {
    const client = issuer.client({ directory: 'bound' });
    const url = (await client.directory())['newAccount'];
    const mac = Buffer.from(hmacKey, 'base64url');
    return client.register({ externalAccountBinding: bindWith(mac, client.key, { kid, url }) });
  }

  /** Everything that a thief of the database has of the keys. */
  async function dump(): Promise<string> {
    const rows = await issuer.database.query<{ all: string }>(
      `SELECT (k::text || encode(secret, 'hex') || encode(secret, 'base64')) AS all FROM external_account_keys k`,
    );
    return rows.map(({ all }) => all).join('\n');
  }

  const hexOf = ({ hmacKey }: External): string => Buffer.from(hmacKey, 'base64url').toString('hex');
  const lines = (): unknown[] => issuer.process.lines.map(({ msg }) => msg);

  it('are in the clear where no sealing key is configured, which is warned of at every start', async () => {
    expect(lines()).toContain(inClear);
    old = await add('before sealing');
    expect(await dump()).toContain(hexOf(old));
    expect((await register(old)).status).toBe(201);
    const refused = await issuer.run('eab-seal', '--config', issuer.configFile);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('[sealing-none]') });
  });

  it('are sealed from when there is a key, and those from before when the operator says so', async () => {
    await restart('seal-1');
    expect(lines()).not.toContain(inClear);
    expect(lines()).toContain('external account keys are not under the first sealing key: "coldroot-issuer eab-seal"');
    sealed = await add('after');
    expect(await dump()).not.toContain(hexOf(sealed));
    expect(await dump()).toContain(hexOf(old));
    expect(await ask('eab-seal')).toEqual({ sealed: 1, more: false });
    expect(await ask('eab-seal')).toEqual({ sealed: 0, more: false });
    expect(await dump()).not.toContain(hexOf(old));
    expect([(await register(old)).status, (await register(sealed)).status]).toEqual([201, 201]);
  });

  it('go over to a new key while the old one is still there, and then need it no more', async () => {
    await restart('seal-2', 'seal-1');
    expect((await register(sealed)).status).toBe(201);
    expect(await ask('eab-seal')).toEqual({ sealed: 2, more: false });
    await restart('seal-2');
    expect([(await register(old)).status, (await register(sealed)).status]).toEqual([201, 201]);
    expect(issuer.process.lines.filter(({ level }) => level === 'warn' || level === 'error')).toHaveLength(1);
  });

  it('bind nothing where their key is missing, which the log says at the start, and nobody else is told', async () => {
    await restart('seal-3');
    expect(lines()).toContain('external account keys are sealed with a key that is not here');
    const answer = await register(sealed);
    expect(problemOf(answer)).toBe('serverInternal 500');
    expect(answer.text).not.toMatch(/seal/u);
  });

  it('do not open in the row of another', async () => {
    await restart('seal-2');
    await issuer.database.query(
      `UPDATE external_account_keys SET secret = (SELECT secret FROM external_account_keys WHERE kid = $1) WHERE kid = $2`,
      [sealed.kid, old.kid],
    );
    expect(problemOf(await register({ ...old, hmacKey: sealed.hmacKey }))).toBe('serverInternal 500');
    expect((await register(sealed)).status).toBe(201);
  });

  it('are in no log, sealed or not, and neither are the keys that seal them', () => {
    for (const text of [old.hmacKey, sealed.hmacKey, ...Object.values(sealingKeys)]) {
      expect(issuer.process.stdout + issuer.process.stderr).not.toContain(text);
    }
  });
});
