import { beforeAll, describe, expect, it } from 'vitest';
import { bundleRefusalCodes, type BundleRefusalCode } from '../../../core/bundle/refusals.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { makeForge, tools, type Forge } from '../../support/forge.ts';
import { hostileKinds } from '../../support/hostile/kinds.ts';

let forge: Forge;

beforeAll(async () => {
  forge = await makeForge(Math.floor(Date.now() / 1000));
});

describe('hostile bundles', () => {
  it('the bundle they are all made from is itself accepted, in production and as a rehearsal', async () => {
    expect(verifyBundle(forge.archive, forge.expect, tools)).toMatchObject({ ok: true });
    const { archive, expect: expectations } = forge.rehearsal;
    expect(verifyBundle(archive, expectations, tools)).toMatchObject({ ok: true });
  });

  it('every refusal code is provoked by at least one kind, and every kind is told apart by its name', () => {
    const provoked = new Set<BundleRefusalCode>(hostileKinds.map(({ code }) => code));
    expect(bundleRefusalCodes.filter((code) => !provoked.has(code))).toEqual([]);
    expect(new Set(hostileKinds.map(({ what }) => what)).size).toBe(hostileKinds.length);
    expect(hostileKinds.length).toBeGreaterThanOrEqual(50);
  });

  it.each(hostileKinds.map((kind) => [kind.what, kind.code, kind] as const))('%s: %s', async (_, code, kind) => {
    const archive = await kind.make(forge);
    const verdict = verifyBundle(archive, { ...forge.expect, ...kind.expect?.(forge) }, tools);
    expect(verdict).toMatchObject({ ok: false, refusal: { code } });
  });

  it('every refusal says what was wrong and what to do', async () => {
    for (const kind of hostileKinds.slice(0, 20)) {
      const verdict = verifyBundle(await kind.make(forge), forge.expect, tools);
      if (verdict.ok) throw new Error(kind.what);
      expect(verdict.refusal.message).toMatch(/^[A-Z].*[.)]$/u);
      expect(verdict.refusal.remedy).toMatch(/^[A-Z].*\.$/u);
    }
  });
});
