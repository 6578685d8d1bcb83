// Who signs OCSP answers, and how many at a time.
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { encodeOcspError } from '../../../core/x509/ocsp/response.ts';
import { readSpki } from '../../../core/x509/spki.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import * as der from '../../../core/der/writer.ts';
import { oids } from '../../../core/x509/oids.ts';
import { makeLog } from '../../../issuer/ops/log.ts';
import { signerAt, type OcspAuthority, type OcspSigner } from '../../../issuer/revocation/ocsp/authority.ts';
import { OcspResponder } from '../../../issuer/revocation/ocsp/responder.ts';
import { makeIssuer } from '../../../issuer/sign/issuer.ts';
import { Database } from '../../../issuer/store/database.ts';
import { bundleParts, makeHierarchy, type TestHierarchy } from '../../support/hierarchy.ts';
import { createDatabase } from '../../support/postgres.ts';

const year = 365 * 86_400;

function signerOf(certificate: Certificate, sign: OcspSigner['sign']): OcspSigner {
  const keyHash = nodeDigest('sha1', readSpki(certificate.tbs.spki).publicKey);
  return { certificate, keyHash, algorithm: 'ecdsa-sha256', sign, carried: [] };
}

async function authorityOf(hierarchy: TestHierarchy, sign: OcspSigner['sign']): Promise<OcspAuthority> {
  const { issuing, signer } = hierarchy;
  const [entry] = (await bundleParts(hierarchy)).parts.manifest.issuers;
  if (entry === undefined) throw new Error('no issuer');
  const hashed = (hash: 'sha1' | 'sha256') => ({
    name: nodeDigest(hash, issuing.tbs.subject),
    key: nodeDigest(hash, readSpki(issuing.tbs.spki).publicKey),
  });
  return {
    issuer: makeIssuer({ entry, certificate: issuing, chains: [[issuing]] }, sign),
    hashes: { sha1: hashed('sha1'), sha256: hashed('sha256') },
    signers: [signerOf(issuing, sign), signerOf(signer, sign)],
  };
}

/** A request about one serial number of this CA, without a nonce. */
function requestFor({ hashes: { sha256 } }: OcspAuthority, serial: number): Uint8Array {
  const parts = [der.octetString(sha256.name), der.octetString(sha256.key), der.integer(serial)];
  const certId = der.sequence(der.sequence(der.oid(oids.sha256), der.nullValue()), ...parts);
  return der.encode(der.sequence(der.sequence(der.sequence(der.sequence(certId)))));
}

describe('whoever signs OCSP answers', () => {
  it('is the first whose certificate is valid, and nobody where none is', async () => {
    const hierarchy = await makeHierarchy();
    const { root, issuing, now, rootKey } = hierarchy;
    const authority = await authorityOf(hierarchy, rootKey.sign);
    const signers = [signerOf(issuing, rootKey.sign), signerOf(root, rootKey.sign)];
    const at = (time: number) => signerAt({ ...authority, signers }, time)?.certificate;
    expect([at(now - year), at(now + 60), at(now + 6 * year), at(now + 21 * year)]).toEqual([
      undefined,
      issuing,
      root,
      undefined,
    ]);
  });

  it('makes sixteen signatures at a time; who comes then is told to try later', async () => {
    const hierarchy = await makeHierarchy();
    const { issuingKey } = hierarchy;
    if (issuingKey === undefined) throw new Error('no key');
    const gate = Promise.withResolvers<void>();
    const authority = await authorityOf(hierarchy, async (algorithm, message) => {
      await gate.promise;
      return issuingKey.sign(algorithm, message);
    });
    const created = await createDatabase();
    const database = new Database({ url: created.url, connections: 4, onError: () => undefined });
    try {
      const responder = new OcspResponder({
        database,
        authorities: () => new Map([['issuing-i1', authority]]),
        settings: { lifetime: 3600, nonces: true },
        tools: { clock: systemClock, digest: nodeDigest, verify: nodeVerifier },
        log: makeLog('error', systemClock),
        onAnswer: () => undefined,
      });
      const asked = Array.from({ length: 17 }, (_, serial) =>
        responder.answer('issuing-i1', requestFor(authority, serial + 1)),
      );
      const tryLater = encodeOcspError('tryLater');
      expect((await Promise.race(asked))?.der).toEqual(tryLater);
      gate.resolve();
      const answers = await Promise.all(asked);
      expect(answers.filter((answer) => Buffer.from(answer?.der ?? []).equals(tryLater))).toHaveLength(1);
      expect(await responder.answer('issuing-i1', requestFor(authority, 99))).not.toMatchObject({ der: tryLater });
    } finally {
      await database.close();
      await created.drop();
    }
  });
});
