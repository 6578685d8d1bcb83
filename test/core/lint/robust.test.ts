import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCertificate, judgeCrl } from '../../../core/lint/linted.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { readCertificate, readTbsCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { readCrl, readTbsCertList, type CertificateList } from '../../../core/x509/crl.ts';
import { lintFixtures } from '../../vectors/lint-cases.ts';
import { tbsOf } from '../../vectors/lint-fixture.ts';
import { signingTime, world } from '../../vectors/lint-world.ts';

/** What `read` makes of it; undefined for a coded refusal. Anything else that is thrown fails the test. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

/** The bytes with a few of them changed. */
function changed(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = Uint8Array.from(bytes);
    for (const [position, value] of changes) copy[position] = value;
    return copy;
  });
}

const fixtures = [...lintFixtures.values()];
const certificates = fixtures.filter(({ judged }) => judged.kind === 'certificate');
const crls = fixtures.filter(({ judged }) => judged.kind === 'crl');
const issuers: readonly Uint8Array[] = [world().issuing.certificate, world().leaf.certificate];

function judgeAnyway(tbs: Uint8Array, as: string, issuer: Certificate | undefined, previous?: CertificateList): number {
  const common = { signingTime, ...(issuer === undefined ? {} : { issuer }) };
  if (as === 'ca' || as === 'end-entity') {
    const before = previous === undefined ? {} : { previous };
    return judgeCrl({ tbs: readTbsCertList(tbs), scope: as, ...common, ...before }).length;
  }
  const types = ['root', 'intermediate', 'bundle-signer', 'ocsp-signer', 'leaf'] as const;
  const judged = types.map((type) =>
    judgeCertificate({ tbs: readTbsCertificate(tbs), type, digest: nodeDigest, ...common }),
  );
  return judged.flat().length;
}

describe('no rule throws, whatever the readers let through', () => {
  it('certificates with bytes changed, judged as every type', () => {
    const mutated = fc.constantFrom(...certificates).chain(({ judged: { bytes } }) => changed(tbsOf(bytes)));
    const issuer = fc.constantFrom(...issuers).chain((bytes) => fc.oneof(fc.constant(bytes), changed(bytes)));
    const property = fc.property(mutated, issuer, (tbs, issuerBytes) => {
      // The readers refuse many of them; those do not count as runs.
      fc.pre(readable(() => readTbsCertificate(tbs)) !== undefined);
      const issuedBy = readable(() => readCertificate(issuerBytes));
      expect(judgeAnyway(tbs, 'leaf', issuedBy)).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 1100 });
  });

  it('CRLs with bytes changed, in both scopes, after a CRL with bytes changed', () => {
    const mutated = fc.constantFrom(...crls).chain(({ judged: { bytes } }) => changed(tbsOf(bytes)));
    const previous = fc.constantFrom(...crls).chain(({ judged: { bytes } }) => changed(bytes));
    const property = fc.property(mutated, previous, fc.constantFrom('ca', 'end-entity'), (tbs, before, scope) => {
      fc.pre(readable(() => readTbsCertList(tbs)) !== undefined);
      const issuer = readCertificate(world().issuing.certificate);
      const earlier = readable(() => readCrl(before));
      expect(judgeAnyway(tbs, scope, issuer, earlier)).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 600 });
  });

  it('every fixture is judged as every type without an exception', () => {
    for (const { judged, as, issuer } of fixtures) {
      const parent = issuer === undefined ? undefined : readCertificate(issuer);
      expect(judgeAnyway(tbsOf(judged.bytes), as, parent)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('findings stay short', () => {
  it('a fault that occurs a thousand times is listed a few times', () => {
    const found = judgeCrl({ tbs: crlOf(1000), scope: 'ca' }).find(({ rule }) => rule === 'crl-reason-required');
    expect(found?.found).toMatch(/ and 992 more$/u);
    expect(found?.found.length).toBeLessThan(400);
  });
});

function crlOf(entries: number): ReturnType<typeof readTbsCertList> {
  const [fixture] = crls;
  const tbs = readTbsCertList(tbsOf(fixture?.judged.bytes ?? new Uint8Array()));
  const serial = (index: number): Uint8Array => Uint8Array.of(0x40, index >> 8, index & 0xff);
  return {
    ...tbs,
    entries: Array.from({ length: entries }, (_, index) => ({
      serial: serial(index),
      revokedAt: tbs.thisUpdate,
      extensions: [],
    })),
  };
}
