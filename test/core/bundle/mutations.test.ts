import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleRefusalCodes } from '../../../core/bundle/refusals.ts';
import { readTar, writeTar } from '../../../core/bundle/tar.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { concatBytes, utf8 } from '../../../core/ports/bytes.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { cpuMilliseconds } from '../../support/cpu-time.ts';
import { forgeBundle, makeForge, tools, type Forge } from '../../support/forge.ts';
import { tarOf } from '../../support/hostile/tar-entry.ts';

/** Longer than any verification here takes on a busy machine, shorter than unbounded work. */
const patienceMilliseconds = 2000;

let forge: Forge;

beforeAll(async () => {
  forge = await makeForge(Math.floor(Date.now() / 1000));
});

/** `accepted` or `refused`; what is wrong with the verdict itself where it comes late or with a code nobody knows. */
function verdictOf(archive: Uint8Array): string {
  const started = cpuMilliseconds();
  const verdict = verifyBundle(archive, forge.expect, tools);
  const took = cpuMilliseconds() - started;
  if (took > patienceMilliseconds) return `took ${took} ms`;
  if (verdict.ok) return 'accepted';
  return bundleRefusalCodes.includes(verdict.refusal.code) ? 'refused' : verdict.refusal.code;
}

const anyVerdict = /^(accepted|refused)$/u;

type Change = readonly [kind: 'overwrite' | 'insert' | 'delete' | 'truncate' | 'repeat', at: number, bytes: Uint8Array];

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('overwrite', 'insert', 'delete', 'truncate', 'repeat'),
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  fc.uint8Array({ minLength: 1, maxLength: 600 }),
);

function apply(bytes: Uint8Array, [kind, where, piece]: Change): Uint8Array {
  const at = Math.floor(where * bytes.length);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (kind === 'overwrite') return concatBytes(head, piece, tail.subarray(piece.length));
  if (kind === 'insert') return concatBytes(head, piece, tail);
  if (kind === 'delete') return concatBytes(head, tail.subarray(piece.length));
  if (kind === 'repeat') return concatBytes(head, tail.subarray(0, piece.length), tail);
  return head;
}

describe('whatever is done to a bundle without the signer’s key, it is refused and nothing is thrown', () => {
  it('overwritten, lengthened, shortened, cut', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = changes.reduce(apply, forge.archive);
        const same = Buffer.from(changed).equals(Buffer.from(forge.archive));
        expect(verdictOf(changed)).toBe(same ? 'accepted' : 'refused');
      }),
      { numRuns: 1500 },
    );
  });

  it('two files of it changed for each other', () => {
    const tar = readTar(forge.archive);
    if (!tar.ok) throw new Error(tar.refusal.code);
    const names = [...tar.files.keys()];
    for (const left of names) {
      for (const right of names) {
        if (left >= right) continue;
        const files = new Map(tar.files);
        files.set(left, tar.files.get(right) ?? new Uint8Array());
        files.set(right, tar.files.get(left) ?? new Uint8Array());
        expect(verdictOf(writeTar(files, tar.mtime)), `${left} ${right}`).toBe('refused');
      }
    }
  });

  it('any archive of any headers and contents', () => {
    const name = fc.oneof(
      fc.constantFrom(...forge.files.keys(), 'SHA256SUMS', 'SHA256SUMS.cms', 'SHA256SUMS.cms.sig', '../x', '/x', ''),
      fc.string({ unit: 'binary', maxLength: 100 }),
    );
    const entry = fc.record({
      name,
      bytes: fc.uint8Array({ maxLength: 1500 }),
      mtime: fc.constantFrom(0, forge.hierarchy.now),
      type: fc.constantFrom('0', '0', '0', '1', '2', '5', 'x', 'L', '\0'),
      size: fc.oneof({ weight: 4, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(0o77777777777) }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), fc.uint8Array({ maxLength: 2048 }), (entries, end) => {
        const honest = entries.map(({ size, ...rest }) => (size < 0 ? rest : { ...rest, size }));
        expect(verdictOf(tarOf(honest, end))).toBe('refused');
        expect(verdictOf(tarOf(honest))).toBe('refused');
      }),
      { numRuns: 1000 },
    );
  });

  it('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        expect(verdictOf(bytes)).toBe('refused');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('whatever a thief of the signer’s key signs, nothing is thrown and the work is bounded', () => {
  it('certificates and CRLs of changed bytes, carried as they should be', async () => {
    const carried = [...forge.parts.certificates, ...forge.parts.crls];
    const spoilt = fc.tuple(fc.constantFrom(...carried), fc.array(change, { minLength: 1, maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(spoilt, async ([[path, raw], changes]) => {
        const pem = toPem(path.startsWith('crls/') ? 'X509 CRL' : 'CERTIFICATE', changes.reduce(apply, raw));
        const archive = await forgeBundle(forge, { files: (files) => files.set(path, utf8(pem)) });
        expect(verdictOf(archive)).toMatch(anyVerdict);
      }),
      { numRuns: 400 },
    );
  });

  it('single bytes of certificates changed, with the manifest made to fit', async () => {
    const { certificates, manifest } = forge.parts;
    const one = fc.tuple(
      fc.constantFrom(...certificates),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.nat(255),
    );
    await fc.assert(
      fc.asyncProperty(one, async ([[path, raw], where, value]) => {
        const copy = Uint8Array.from(raw);
        copy[Math.floor(where * copy.length)] = value;
        const sha256 = Buffer.from(tools.digest('sha256', copy)).toString('hex');
        const fit = <T extends { certificate: string }>(entries: readonly T[]): readonly T[] =>
          entries.map((entry) => (entry.certificate === path ? { ...entry, sha256 } : entry));
        const { roots, signers, issuers } = manifest;
        const changed = { ...manifest, roots: fit(roots), signers: fit(signers), issuers: fit(issuers) };
        const parts = (): object => ({ certificates: new Map([...certificates, [path, copy]]) });
        const verdict = verdictOf(await forgeBundle(forge, { parts, manifest: () => changed }));
        // A changed certificate has no valid signature: only one that was "changed" to what it was passes.
        expect(verdict).toBe(Buffer.from(copy).equals(Buffer.from(raw)) ? 'accepted' : 'refused');
      }),
      { numRuns: 400 },
    );
  });

  it('any JSON in the place of any part of the manifest', async () => {
    const keys = Object.keys(forge.parts.manifest);
    const hostile = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(-1, 0, 2 ** 53, '', null, [], {}));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), hostile, async (key, value) => {
        const text = JSON.stringify({ ...forge.parts.manifest, [key]: value });
        const written = await forgeBundle(forge, { files: (files) => files.set('manifest.json', utf8(text)) });
        expect(verdictOf(written)).toMatch(anyVerdict);
        // Canonical JSON has no fractions: the signed manifest is the same with them cut off.
        const whole = JSON.parse(JSON.stringify(value), (_, one: unknown) =>
          typeof one === 'number' ? Math.trunc(one % 2 ** 53) : one,
        ) as unknown;
        const changed = await forgeBundle(forge, { manifest: (manifest) => ({ ...manifest, [key]: whole }) });
        expect(verdictOf(changed)).toMatch(anyVerdict);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['manifest.json', 'transcript.json', 'SHA256SUMS', 'plan.yaml', 'report.html'])(
    'any bytes as %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          const recipe =
            name === 'SHA256SUMS'
              ? { sums: () => bytes }
              : { files: (files: Map<string, Uint8Array>) => files.set(name, bytes) };
          expect(verdictOf(await forgeBundle(forge, recipe))).toMatch(anyVerdict);
        }),
        { numRuns: 60 },
      );
    },
  );
});
