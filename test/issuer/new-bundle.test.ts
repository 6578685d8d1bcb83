// A bundle that is loaded while the issuer works.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcmeTestClient } from '../support/acme.ts';
import { obtain } from '../support/flows.ts';
import { bundleParts, makeBundle } from '../support/hierarchy.ts';
import { TestIssuer } from '../support/issuer.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: new bundles: ${missing}`);

describe.skipIf(missing !== undefined)('a bundle loaded while the issuer works', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  async function load(epoch: number, change: object = {}): Promise<void> {
    const [last] = await issuer.database.query<{ sums: string }>(
      'SELECT sums FROM bundles ORDER BY epoch DESC LIMIT 1',
    );
    const file = path.join(issuer.directory, `epoch-${epoch}.coldroot`);
    writeFileSync(file, await makeBundle(issuer.hierarchy, { epoch, previous: last?.sums ?? '', ...change }));
    expect(await issuer.run('load', '--config', issuer.configFile, file)).toMatchObject({ code: 0 });
  }

  const epoch = async (): Promise<unknown> =>
    (await client.transport.request('GET', `${issuer.baseUrl}/health`)).body['epoch'];

  it('goes live without a restart, and no order fails meanwhile', async () => {
    const state = { live: false };
    let made = 0;
    const work = (async () => {
      for (; !state.live || made < 3; made += 1) await obtain(issuer, client, [`n${made}.example.internal`]);
    })();
    await load(2);
    await issuer.process.waitForLine('a new bundle is live');
    expect(await epoch()).toBe(2);
    state.live = true;
    await work;
    expect(made).toBeGreaterThanOrEqual(3);
  });

  it('that would make the configuration wider than what was signed is refused, and the one before stays in use', async () => {
    const { parts } = await bundleParts(issuer.hierarchy);
    const [only] = parts.manifest.issuers;
    if (only === undefined) throw new Error('no issuer');
    const policy = { ...only.policy, maxValidity: 86_400 };
    await load(3, { issuers: [{ ...only, policy }] });
    const line = await issuer.process.waitForLine('the new bundle is refused');
    expect(line).toMatchObject({ epoch: 3, using: 2 });
    expect(JSON.stringify(line['refusals'])).toContain('[config-wider-than-policy]');
    expect(await epoch()).toBe(2);
    await obtain(issuer, client, ['after.example.internal']);
  });
});
