// The configurations that docs/operators.md shows, as they stand there: read strictly, and served from.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../issuer/ops/config.ts';
import type { Change } from '../../support/issuer.ts';
import { obtain } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { problemOf } from '../../support/problem-of.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: the examples of docs/operators.md: ${missing}`);

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/operators.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n# Site: ([a-z ]+)\n([\s\S]*?)```/gu)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

/** What is the same in every place: the rest of an example is about this machine, and is replaced by what is here. */
const kept = ['directories', 'crl', 'limits'];

describe('the sites of docs/operators.md', () => {
  it('are three, and each is read without a complaint', () => {
    expect(examples.map(({ name }) => name)).toEqual(['lab', 'cert manager', 'many directories']);
    for (const { text } of examples) expect(parseConfig(text, 'issuer.yaml')).toMatchObject({ ok: true });
  });

  describe.skipIf(missing !== undefined)('serve', () => {
    let issuer: TestIssuer;

    beforeAll(async () => {
      // All directories of all sites at once, under names that say whose they are.
      const directories: Record<string, unknown> = {};
      const shared: Record<string, unknown> = {};
      for (const { name, text } of examples) {
        const config = parse(text) as Record<string, Record<string, unknown>>;
        for (const [key, value] of Object.entries(config['directories'] ?? {})) {
          directories[`${name.replaceAll(' ', '-')}-${key}`] = value;
        }
        for (const key of kept.slice(1)) Object.assign(shared, config[key] === undefined ? {} : { [key]: config[key] });
      }
      const change: Change = { directories, ...shared };
      issuer = await TestIssuer.create({ keys: 'file', change });
      await issuer.start();
    });
    afterAll(() => issuer.remove());

    it.each(['lab-lab', 'cert-manager-cluster', 'many-directories-web'])('%s issues', async (directory) => {
      const client = issuer.client({ directory });
      expect((await client.register()).status).toBe(201);
      const { chain } = await obtain(issuer, client, [`${directory}.apps.example.internal`]);
      expect(chain).toContain('BEGIN CERTIFICATE');
    });

    it('many-directories-partners takes no account without a key of its own', async () => {
      const client = issuer.client({ directory: 'many-directories-partners' });
      expect(problemOf(await client.register())).toBe('externalAccountRequired 403');
    });

    it('cert-manager-cluster refuses what it denies', async () => {
      const client = issuer.client({ directory: 'cert-manager-cluster' });
      await client.register();
      expect(problemOf(await client.newOrder(['vault.example.internal']))).toBe('rejectedIdentifier 403');
    });
  });
});
