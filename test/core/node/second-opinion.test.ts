import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { opinionFaults } from '../../../core/ceremony/opinions.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { secondOpinions } from '../../../core/node/second-opinion/opinions.ts';
import { opensslVersion } from '../../../core/node/second-opinion/openssl.ts';
import { peculiarVersion } from '../../../core/node/second-opinion/peculiar-version.ts';
import type { Artefact, SecondReading } from '../../../core/ports/second-opinion.ts';
import { keyIdentifier } from '../../../core/x509/spki.ts';
import { forgeCrl } from '../../support/forge.ts';
import { flipped } from '../../support/hostile/kind.ts';
import { makeHierarchy, type TestHierarchy } from '../../support/hierarchy.ts';
import { lintFixtures } from '../../vectors/lint-cases.ts';

const opinions = secondOpinions();
let hierarchy: TestHierarchy;

beforeAll(async () => {
  hierarchy = await makeHierarchy();
});

function faults(artefact: Artefact, readings: readonly SecondReading[]): readonly string[] {
  return opinionFaults(artefact, readings, nodeDigest);
}

/** Certificates of CAs and bundle signers that every lint rule accepts, with their issuers. */
function acceptedCertificates(): readonly (readonly [name: string, artefact: Artefact])[] {
  return [...lintFixtures].flatMap(([name, { judged, as, issuer }]) => {
    const usual = as === 'root' || as === 'intermediate' || as === 'bundle-signer';
    if (!usual || judged.kind !== 'certificate' || !name.includes('accepted')) return [];
    const parent = as === 'root' ? judged.bytes : issuer;
    return parent === undefined ? [] : [[name, { kind: 'certificate', der: judged.bytes, issuer: parent }] as const];
  });
}

describe('second opinions', () => {
  it('there are two of them where OpenSSL is installed, and each says who it is', async () => {
    const artefact = { kind: 'certificate', der: hierarchy.root.raw, issuer: hierarchy.root.raw } as const;
    const openssl = await opensslVersion();
    const expected = openssl === undefined ? [peculiarVersion] : [peculiarVersion, openssl];
    expect((await opinions(artefact)).map(({ by }) => by)).toEqual(expected);
    expect(execFileSync('openssl', ['version'], { encoding: 'utf8' })).toContain(openssl);
    const { version } = JSON.parse(
      readFileSync(new URL('../../../node_modules/@peculiar/x509/package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(peculiarVersion).toBe(`@peculiar/x509 ${version}`);
  });

  it('agree with us on every CA certificate that lint accepts', async () => {
    const certificates = acceptedCertificates();
    expect(certificates.length).toBeGreaterThan(30);
    const queue = [...certificates];
    const found: string[] = [];
    const lane = async (): Promise<void> => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
        const [name, artefact] = job;
        const differences = faults(artefact, await opinions(artefact));
        found.push(...differences.map((text) => `${name}: ${text}`));
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    expect(found).toEqual([]);
  });

  it('agree with us on a CRL, empty or not', async () => {
    const { root, rootKey, issuing, now } = hierarchy;
    const revocations = [{ serial: issuing.tbs.serial, revokedAt: now, reason: 'superseded' }] as const;
    for (const list of [[], revocations]) {
      const options = { number: 7n, thisUpdate: now, nextUpdate: now + 86_400, revocations: list };
      const der = await forgeCrl(root, rootKey, options);
      const artefact = { kind: 'crl', der, issuer: root.raw } as const;
      const readings = await opinions(artefact);
      expect(readings.every(({ signatureValid }) => signatureValid)).toBe(true);
      expect(faults(artefact, readings)).toEqual([]);
    }
  });

  it('a signature that was tampered with is caught by both', async () => {
    const { root, rootKey, issuing, now } = hierarchy;
    const crl = await forgeCrl(root, rootKey, { number: 7n, thisUpdate: now, nextUpdate: now + 86_400 });
    const artefacts: readonly Artefact[] = [
      { kind: 'certificate', der: flipped(issuing.raw, -1), issuer: root.raw },
      { kind: 'certificate', der: flipped(root.raw, -1), issuer: flipped(root.raw, -1) },
      { kind: 'crl', der: flipped(crl, -1), issuer: root.raw },
    ];
    for (const artefact of artefacts) {
      const readings = await opinions(artefact);
      expect(readings.map(({ signatureValid }) => signatureValid)).toEqual(readings.map(() => false));
      expect(faults(artefact, readings)).toHaveLength(readings.length);
    }
  });

  it('a certificate of another issuer is caught by both', async () => {
    const other = await makeHierarchy();
    const artefact = { kind: 'certificate', der: hierarchy.issuing.raw, issuer: other.root.raw } as const;
    const readings = await opinions(artefact);
    expect(faults(artefact, readings)).toHaveLength(readings.length);
    expect(keyIdentifier(other.root.tbs.spki, nodeDigest)).not.toEqual(
      keyIdentifier(hierarchy.root.tbs.spki, nodeDigest),
    );
  });

  it('bytes that they cannot read are a disagreement, not the end of the program', async () => {
    for (const kind of ['certificate', 'crl'] as const) {
      const readings = await opinions({
        kind,
        der: Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x05),
        issuer: hierarchy.root.raw,
      });
      expect(readings.every(({ problem, signatureValid }) => problem !== undefined || signatureValid === false)).toBe(
        true,
      );
    }
  });

  it('any difference at all is named, with who sees it', async () => {
    const { root, issuing } = hierarchy;
    const artefact = { kind: 'certificate', der: issuing.raw, issuer: root.raw } as const;
    const [reading] = await opinions(artefact);
    if (reading === undefined) throw new Error('no opinion');
    const other: Partial<Record<keyof SecondReading, unknown>> = {
      serial: '00',
      subject: '3000',
      issuer: '3000',
      notBefore: 0,
      notAfter: 0,
      spkiSha256: '00',
      extensions: (reading.extensions ?? []).map((one) => ({ ...one, critical: true })),
      signatureValid: false,
      problem: 'it could not be read',
    };
    for (const [name, value] of Object.entries(other)) {
      const [fault = `nobody noticed another ${name}`, ...more] = faults(artefact, [{ ...reading, [name]: value }]);
      expect(fault).toContain(`${peculiarVersion}: `);
      expect(more).toEqual([]);
    }
    expect(faults(artefact, [reading])).toEqual([]);
  });
});
