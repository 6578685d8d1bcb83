import { beforeAll, describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { keyPurposes, readExtKeyUsage } from '../../../core/x509/extensions/ext-key-usage.ts';
import { oids } from '../../../core/x509/oids.ts';
import { tools } from '../../support/forge.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { edited } from '../../support/edited.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: shipped } = readShipped('ocsp-signer');
let room: MemoryRoom;

function archiveOf({ state }: Ceremony): Uint8Array {
  return room.media.files.get(`${room.setting.output}/${state.bundle?.file ?? ''}`) ?? new Uint8Array();
}

beforeAll(async () => {
  room = await roomFor('ocsp-signer');
});

describe('an OCSP signer', () => {
  it.each([
    ['that lasts longer than a year and a month', edited(shipped, ['for: 397d', 'for: 398d']), 'lint-refused'],
    [
      'made from the profile of a CA',
      edited(shipped, ['type: ocsp-signer', 'type: bundle-signer']),
      'plan-profile-type',
    ],
    [
      'for a CA whose key is not in the room',
      edited(shipped, ['issuing-i1: { token: issuing }', 'issuing-i1: {}']),
      'plan-key-elsewhere',
    ],
    [
      'with the key of the CA',
      edited(
        shipped,
        ['  - { do: generate-key, token: issuing, key: ocsp-o1, by: [administrator, officer] }\n', ''],
        ['subject-key: ocsp-o1', 'subject-key: issuing-i1'],
      ),
      'plan-certificate-exists',
    ],
    [
      'that a bundle signer would certify',
      edited(shipped, ['issuer: issuing-i1', 'issuer: bundle-signer-b1']),
      'lint-refused',
    ],
    ['that signs the bundle', edited(shipped, ['signer: bundle-signer-b1', 'signer: ocsp-o1']), 'export-signer'],
  ])('%s is refused', async (_, plan, code) => {
    expect(await room.refusals(plan)).toContain(code);
  });

  it('is certified by its CA for that purpose alone, travels in the bundle, and is there in the ceremony after it', async () => {
    const held = await room.begin(shipped);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const [made, issuer] = ['ocsp-o1', 'issuing-i1'].map((name) =>
      readCertificate(fromBase64(held.state.certificates[name]?.der ?? '')),
    );
    if (made === undefined || issuer === undefined) throw new Error('no certificate');
    const value = (oid: string): Uint8Array =>
      made.tbs.extensions.find((one) => one.oid === oid)?.value ?? new Uint8Array();
    expect(readExtKeyUsage(value(oids.extKeyUsage))).toEqual([keyPurposes.ocspSigning]);
    expect([...value(oids.ocspNoCheck)]).toEqual([5, 0]);
    expect(tools.verify(issuer.tbs.spki, made.signatureAlgorithm, made.tbs.raw, made.signature)).toBe(true);
    const rootFingerprint = sha256(fromBase64(held.state.certificates['root-r1']?.der ?? ''));
    const expectations = { rootFingerprint, now: room.now + 60, rehearsal: 'refuse' } as const;
    const verdict = verifyBundle(archiveOf(held), expectations, tools);
    expect(verdict).toMatchObject({
      ok: true,
      bundle: {
        manifest: { ocspSigners: [{ name: 'ocsp-o1', issuedBy: 'issuing-i1' }], issuers: [{ name: 'issuing-i1' }] },
      },
    });
    // An answer for longer than the signer lasts is the issuer's business: the bundle stays one to load.
    const later = { ...expectations, now: made.tbs.notAfter + 1, historical: true };
    expect(verifyBundle(archiveOf(held), later, tools)).toMatchObject({ ok: true });
    room.continueFrom(held, rootFingerprint);
    const next = edited(
      shipped,
      ['OCSP Signer O1 of', 'OCSP Signer O2 of'],
      ['CN: Example Corp OCSP Signer O1', 'CN: Example Corp OCSP Signer O2'],
      ['key: ocsp-o1', 'key: ocsp-o2'],
      ['subject-key: ocsp-o1', 'subject-key: ocsp-o2'],
      ['  issuing-i1: { token: issuing }\n', '  issuing-i1: { token: issuing }\n  ocsp-o1: { token: issuing }\n'],
    );
    expect(
      await room.refusals(edited(next, ['CN: Example Corp OCSP Signer O2', 'CN: Example Corp OCSP Signer O1'])),
    ).toEqual(['subject-reused']);
    const second = await room.begin(next);
    expect(await room.play(second)).toEqual({ kind: 'finished' });
    expect(Object.keys(second.state.certificates)).toEqual(expect.arrayContaining(['ocsp-o1', 'ocsp-o2']));
  });
});
