// Whoever has stolen the bundle signer's key signs other files: the loader may take them, the transcript tells.
import { beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, type BundleParts } from '../../../core/bundle/build.ts';
import type { Bundle } from '../../../core/bundle/bundle.ts';
import { readTranscript, writeTranscript } from '../../../core/bundle/transcript.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { proveBundle } from '../../../core/ceremony/proof.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import { planProfileSchema } from '../../../core/profile/profile.ts';
import { forgeCertificate, forgeCrl, tools } from '../../support/forge.ts';
import { sha256, testProfiles } from '../../support/hierarchy.ts';
import { issuerEntry } from '../../support/hostile/reforge.ts';
import { approvedPlan, rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

interface Held {
  readonly room: MemoryRoom;
  readonly ceremony: Ceremony;
  readonly bundle: Bundle;
}

async function hold(plan: string, room = new MemoryRoom()): Promise<Held> {
  const ceremony = await room.begin(plan);
  await room.play(ceremony);
  const { state } = ceremony;
  const archive = room.media.files.get(`${room.setting.output}/${state.bundle?.file ?? ''}`) ?? new Uint8Array();
  return { room, ceremony, bundle: loaded(archive, room, ceremony) };
}

function loaded(archive: Uint8Array, room: MemoryRoom, { state }: Ceremony): Bundle {
  const rootFingerprint = sha256(fromBase64(state.certificates['root-r1']?.der ?? ''));
  const verdict = verifyBundle(archive, { rootFingerprint, now: room.now + 60, rehearsal: 'refuse' }, tools);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  return verdict.bundle;
}

/** The bundle with other parts, signed by the room's own signer, as its loader takes it. */
async function resigned(
  { room, ceremony, bundle }: Held,
  change: (parts: BundleParts) => Partial<BundleParts>,
): Promise<Bundle> {
  const { manifest, files, certificates, crls } = bundle;
  const file = (name: string): Uint8Array => files.get(name) ?? new Uint8Array();
  const parts: BundleParts = {
    manifest,
    certificates: new Map([...certificates].map(([name, { raw }]) => [`certs/${name}.pem`, raw])),
    crls: new Map(crls.map(({ issuer, crl }) => [`crls/${issuer}.pem`, crl.raw])),
    plan: file('plan.yaml'),
    transcript: file('transcript.json'),
    report: file('report.html'),
  };
  const [certificate, key] = [
    certificates.get('bundle-signer-b1'),
    room.root.keys.find(({ label }) => label === 'bundle-signer-b1'),
  ];
  if (certificate === undefined || key === undefined) throw new Error('no signer');
  const created = Date.parse(manifest.created) / 1000;
  const signing = { certificate, sign: key.key.sign };
  return loaded(await buildBundle({ ...parts, ...change(parts) }, signing, created, nodeDigest), room, ceremony);
}

function code(bundle: Bundle): string {
  const proof = proveBundle(bundle, nodeDigest);
  return proof.ok ? 'proven' : proof.refusal.code;
}

/** Other records in the transcript, and the manifest that names the last of them. */
function transcribed(records: readonly JournalRecord[]): (parts: BundleParts) => Partial<BundleParts> {
  return ({ manifest }) => ({
    transcript: writeTranscript(records),
    manifest: { ...manifest, journal: records.at(-1)?.hash ?? '' },
  });
}

function recordsOf({ files }: Bundle): readonly JournalRecord[] {
  return readTranscript(files.get('transcript.json') ?? new Uint8Array(), nodeDigest) ?? [];
}

function rechained(records: readonly JournalRecord[]): readonly JournalRecord[] {
  const chain: JournalRecord[] = [];
  for (const { kind, at, body } of records) chain.push(chainRecord(chain.at(-1), { kind, at, body }, nodeDigest));
  return chain;
}

let held: Held;
beforeAll(async () => {
  held = await hold(rootPlan);
});

describe('a bundle is what its transcript leads to', () => {
  it('as every ceremony leaves it: with approvals, with a second CA, with a renewed root, with an OCSP signer', async () => {
    expect(code(held.bundle)).toBe('proven');
    expect(code((await hold(approvedPlan)).bundle)).toBe('proven');
    for (const name of ['two-tier', 'renew-root', 'ocsp-signer', 'revoke-intermediate', 'cross-certificate']) {
      expect([name, code((await hold(readShipped(name).text, await roomFor(name))).bundle)]).toEqual([name, 'proven']);
    }
  });

  it('signed again without a change it is proven still', async () => {
    expect(code(await resigned(held, () => ({})))).toBe('proven');
  });

  it('a transcript of another ceremony in its place is refused', async () => {
    const other = await hold(rootPlan.replace('title: Example Corp Root R1', 'title: Another'));
    const plan = other.bundle.files.get('plan.yaml') ?? new Uint8Array();
    const swapped = await resigned(held, (parts) => {
      const { manifest, transcript } = { ...parts, ...transcribed(recordsOf(other.bundle))(parts) };
      return { transcript, plan, manifest: { ...manifest, plan: sha256(plan) } };
    });
    expect(code(swapped)).toBe('proof-artefacts');
  });

  it.each([1, 2, 5, 20])('cut by its last %i records it is refused', async (count) => {
    const cut = await resigned(held, transcribed(recordsOf(held.bundle).slice(0, -count)));
    expect(code(cut)).toBe('proof-unfinished');
  });

  it('with a record changed, and the chain made whole again, it is refused', async () => {
    const lied = recordsOf(held.bundle).map((record) =>
      record.kind === 'answer' && record.body['value'] === 'RB0001'
        ? { ...record, body: { ...record.body, value: '' } }
        : record,
    );
    expect(code(await resigned(held, transcribed(rechained(lied))))).toBe('journal-record-impossible');
  });

  it('with an issuing CA that no ceremony made it is refused, though the root signed it', async () => {
    const [rootKey] = held.room.root.keys;
    const root = held.bundle.certificates.get('root-r1');
    if (rootKey === undefined || root === undefined) throw new Error('no root');
    const { spki } = await throwawayKey('ec-p256');
    const key = {
      algorithm: 'ec-p384',
      spki: root.tbs.spki,
      sign: rootKey.key.sign,
      pkcs8: () => new Uint8Array(),
    } as const;
    const profile = planProfileSchema.parse({ ...testProfiles.issuing });
    const issuing = await forgeCertificate(profile, spki, key, { now: held.room.now, issuer: root });
    const added = await resigned(held, ({ manifest, certificates }) => ({
      certificates: new Map([...certificates, ['certs/issuing-i9.pem', issuing.raw]]),
      manifest: { ...manifest, issuers: [issuerEntry('issuing-i9', issuing, 'root-r1')] },
    }));
    expect(code(added)).toBe('proof-artefacts');
  });

  it('with another CRL of the same number and dates it is refused', async () => {
    const [rootKey] = held.room.root.keys;
    const root = held.bundle.certificates.get('root-r1');
    const before = held.bundle.crls[0]?.crl.tbs;
    if (rootKey === undefined || root === undefined || before === undefined) throw new Error('no CRL');
    const crl = await forgeCrl(root, rootKey.key, {
      number: 1n,
      thisUpdate: before.thisUpdate,
      nextUpdate: before.nextUpdate ?? 0,
      revocations: [{ serial: Uint8Array.of(0x42), revokedAt: before.thisUpdate, reason: 'superseded' }],
    });
    const other = await resigned(held, () => ({ crls: new Map([['crls/root-r1.pem', crl]]) }));
    expect(code(other)).toBe('proof-artefacts');
  });

  it('with an approval that nobody gave it is refused', async () => {
    const one = await hold(approvedPlan);
    const [given] = one.bundle.manifest.approvals;
    if (given === undefined) throw new Error('no approval');
    const more = await resigned(one, ({ manifest }) => ({
      manifest: { ...manifest, approvals: [...manifest.approvals, { ...given, who: 'Somebody Else' }] },
    }));
    expect(code(more)).toBe('proof-artefacts');
  });

  it('told to have ended after the bundle was made it is refused', async () => {
    const records = recordsOf(held.bundle);
    const late = records.map((record, index) =>
      index === records.length - 1 ? { ...record, at: record.at + 10 } : record,
    );
    expect(code(await resigned(held, transcribed(rechained(late))))).toBe('proof-late');
  });
});

describe('serials', () => {
  it('that repeat because the machine’s random numbers do are refused before anything is signed', async () => {
    const room = new MemoryRoom();
    Object.assign(room.ports, { entropy: { bytes: (length: number) => new Uint8Array(length).fill(0x42) } });
    const checked = await room.check(rootPlan);
    expect(checked).toMatchObject({ ok: false, refusals: [{ code: 'serial-reused' }] });
  });
});
