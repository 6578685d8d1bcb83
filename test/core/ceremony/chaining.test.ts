import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildBundle } from '../../../core/bundle/build.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import type { Bundle } from '../../../core/bundle/bundle.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { view } from '../../../core/ceremony/view.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { chooseSignature } from '../../../core/x509/algorithms.ts';
import { assembleSigned, readCertificate } from '../../../core/x509/certificate.ts';
import { readCrl } from '../../../core/x509/crl.ts';
import { encodeCsrInfo } from '../../../core/x509/csr.ts';
import { encodeName } from '../../../core/x509/name.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { openingBlocks } from '../../../tui/screens/lines/opening-blocks.ts';
import { forgeCrl, tools } from '../../support/forge.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { flipped } from '../../support/hostile/kind.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { memoryAnswers, MemoryRoom } from '../../support/memory/room.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';

const shipped = readFileSync(shippedPlan('intermediate'), 'utf8');
const ownKey = 'subject-key: issuing-i1';
const generated = '  - { do: generate-key, token: issuing, key: issuing-i1, by: [administrator, officer] }\n';
const issuingToken = /^ {2}issuing: .*\n| {2}- .*token: issuing.*\n/gmu;

/** The plan for an issuing CA whose key comes as a CSR: the second token is not needed then. */
const csrPlan = shipped.replace(generated, '').replace(ownKey, 'csr: issuing-i1').replaceAll(issuingToken, '');

let room: MemoryRoom;
let first: Ceremony;
let root: string;

beforeEach(async () => {
  room = new MemoryRoom();
  first = await room.begin(rootPlan);
  await room.play(first);
  root = sha256(fromBase64(first.state.certificates['root-r1']?.der ?? ''));
  room.continueFrom(first, root);
});

/** The bundle a ceremony left, as its loader reads it. */
function bundleOf(ceremony: Ceremony, last?: Ceremony): Bundle {
  const { epoch = 0, file = '' } = ceremony.state.bundle ?? {};
  const archive = room.media.files.get(`/out${epoch === 1 ? '' : `-${epoch}`}/${file}`) ?? new Uint8Array();
  const before = last?.state.bundle;
  const verdict = verifyBundle(
    archive,
    {
      rootFingerprint: root,
      now: room.now + 60,
      rehearsal: 'refuse',
      hierarchy: 'example-corp',
      ...(before === undefined ? {} : { last: { ...before, crlNumbers: new Map([['root-r1', 1n]]) } }),
    },
    tools,
  );
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  return verdict.bundle;
}

/** Puts in the place of the first bundle one whose CRL, number 7, has an entry. */
async function revokeSomething(): Promise<{ serial: string; at: number }> {
  const { manifest, files, certificates, root: rootCertificate } = bundleOf(first);
  const [rootKey, signerKey] = room.root.keys;
  const signer = certificates.get('bundle-signer-b1');
  if (rootKey === undefined || signerKey === undefined || signer === undefined) throw new Error('nothing to sign with');
  const [at, serial] = [room.now - 3600, '4a'.repeat(16)];
  const created = room.now - 60;
  const dates = { thisUpdate: created, nextUpdate: created + 90 * 86_400 };
  const revocations = [
    { serial: Uint8Array.from(Buffer.from(serial, 'hex')), revokedAt: at, reason: 'cACompromise' },
  ] as const;
  const crl = await forgeCrl(rootCertificate, rootKey.key, { number: 7n, ...dates, revocations });
  const described = { number: '7', thisUpdate: formatUtc(dates.thisUpdate), nextUpdate: formatUtc(dates.nextUpdate) };
  const archive = await buildBundle(
    {
      manifest: {
        ...manifest,
        created: formatUtc(created),
        expires: formatUtc(dates.nextUpdate),
        crls: manifest.crls.map((entry) => ({ ...entry, ...described })),
      },
      certificates: new Map([...certificates].map(([name, { raw }]) => [`certs/${name}.pem`, raw])),
      crls: new Map([['crls/root-r1.pem', crl]]),
      plan: files.get('plan.yaml') ?? new Uint8Array(),
      transcript: files.get('transcript.json') ?? new Uint8Array(),
      report: files.get('report.html') ?? new Uint8Array(),
    },
    { certificate: signer, sign: signerKey.key.sign },
    created,
    tools.digest,
  );
  room.media.files.set('/out/example-corp-1.coldroot', archive);
  return { serial, at };
}

async function hold(plan: string): Promise<Ceremony> {
  const ceremony = await room.begin(plan);
  expect(await room.play(ceremony, memoryAnswers())).toEqual({ kind: 'finished' });
  return ceremony;
}

/** Puts a CSR for a new key (or a spoilt one) where the binding says it is. */
async function bringCsr(
  change: {
    algorithm?: 'ec-p256' | 'ec-p384';
    spoil?: (der: Uint8Array) => Uint8Array;
    key?: Awaited<ReturnType<typeof throwawayKey>>;
  } = {},
): Promise<Uint8Array> {
  const key = change.key ?? (await throwawayKey(change.algorithm ?? 'ec-p256'));
  const info = encodeCsrInfo({
    subject: encodeName({ CN: 'whatever the issuer likes' }),
    spki: key.spki,
    extensions: [],
  });
  const how = chooseSignature(key.algorithm);
  const der = assembleSigned(info, how, await key.sign(how, info));
  room.media.files.set('/csr/i1.pem', utf8(toPem('CERTIFICATE REQUEST', change.spoil?.(der) ?? der)));
  room.setting = {
    ...room.setting,
    tokens: { root: room.setting.tokens['root'] ?? '' },
    files: { 'issuing-i1': '/csr/i1.pem' },
  };
  return Uint8Array.from(key.spki);
}

describe('a ceremony continues where the one before it ended', () => {
  it('the epoch rises by one, the history is linked, the CRL number rises, and nothing is lost', async () => {
    const second = await hold(shipped);
    const [before, after] = [bundleOf(first), bundleOf(second, first)];
    expect(after.manifest).toMatchObject({ epoch: 2, previous: before.sums });
    expect(after.crls[0]?.number).toBe((before.crls[0]?.number ?? 0n) + 1n);
    expect([...after.certificates.keys()].sort()).toEqual(['bundle-signer-b1', 'issuing-i1', 'root-r1']);
    for (const name of before.certificates.keys()) {
      expect(after.certificates.get(name)?.raw).toEqual(before.certificates.get(name)?.raw);
    }
    expect(second.state.certificates['bundle-signer-b1']?.issuedBy).toBe('root-r1');
  });

  it('everybody is told which bundle it goes on from: an older one than the last would forget what came after', async () => {
    expect(view(first.state).follows).toBeUndefined();
    const made = formatUtc(first.state.beginning.begunAt).slice(0, 10);
    const second = await room.begin(shipped);
    expect(view(second.state).follows).toContain(`the bundle of epoch 1, made ${made}`);
    const lines = openingBlocks(view(second.state), second.state.beginning.tokens, [], 100).flatMap(
      (each) => each.lines,
    );
    const opening = lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
    expect(opening).toMatch(/goes on from +the bundle of epoch 1, made/u);
  });

  it('a third one needs the bundle of the second: its own chain goes on', async () => {
    const second = await hold(shipped);
    room.continueFrom(second, root);
    const renewal = shipped
      .replace(/profiles:[\s\S]*acts:/u, 'profiles: {}\n\nacts:')
      .replaceAll(/ {2}- .*(issuing|expect: empty).*\n/gu, '')
      .replaceAll(issuingToken, '');
    room.setting = { ...room.setting, tokens: { root: room.setting.tokens['root'] ?? '' } };
    const third = await hold(renewal);
    expect(bundleOf(third, second).manifest).toMatchObject({ epoch: 3, previous: bundleOf(second).sums });
    expect(bundleOf(third, second).crls[0]?.number).toBe(3n);
  });

  it('entries of the CRL before are carried over, with their dates and reasons, and cannot be left behind', async () => {
    const { serial, at } = await revokeSomething();
    const second = await hold(shipped);
    const { tbs } = readCrl(fromBase64(second.state.crls['root-r1']?.der ?? ''));
    expect(tbs.entries.map((entry) => [toHex(entry.serial), entry.revokedAt])).toEqual([[serial, at]]);
    expect(bundleOf(second).crls[0]?.number).toBe(8n);
    expect(JSON.stringify(second.state.completed)).toContain(serial);
  });

  it('a CRL number that the plan writes out may not be one that was used', async () => {
    await revokeSomething();
    const numbered = (number: number): string => shipped.replace('number: next', `number: ${number}`);
    expect(await room.refusals(numbered(7))).toEqual(['lint-refused']);
    expect(await room.refusals(numbered(9))).toEqual([]);
  });

  const bad: readonly (readonly [string, string, () => void])[] = [
    [
      'no bundle at all',
      'binding-previous-missing',
      () => (room.setting = { ...room.setting, previous: undefined } as never),
    ],
    ['a bundle that is not there', 'media-missing', () => room.media.files.clear()],
    [
      'a bundle of another root',
      'bundle-root-missing',
      () =>
        (room.setting = {
          ...room.setting,
          previous: { bundle: room.setting.previous?.bundle ?? '', root: 'ab'.repeat(32) },
        }),
    ],
    [
      'a bundle with a flipped bit',
      'bundle-file-hash',
      () => {
        const file = room.setting.previous?.bundle ?? '';
        room.media.files.set(file, flipped(room.media.files.get(file) ?? new Uint8Array(), -2000));
      },
    ],
    ['a clock that is behind the bundle’s', 'bundle-created-future', () => (room.now -= 2 * 86_400)],
  ];
  it.each(bad)('is refused with %s: %s', async (_, code, spoil) => {
    spoil();
    const codes = await room.refusals(shipped);
    expect(codes.map((one) => (one.startsWith('bundle-') && code === 'bundle-file-hash' ? code : one))).toContain(code);
  });

  it('is refused when it names keys the bundle does not have, another hierarchy, or is a rehearsal of a real one', async () => {
    expect(
      await room.refusals(
        shipped.replace('  root-r1: { token', '  root-r9: { token').replaceAll('issuer: root-r1', 'issuer: root-r9'),
      ),
    ).toContain('plan-existing-missing');
    expect(await room.refusals(shipped.replace('hierarchy: example-corp', 'hierarchy: other-corp'))).toEqual([
      'bundle-hierarchy',
    ]);
    expect(await room.refusals(shipped, true)).toEqual(['bundle-rehearsal-expected']);
  });

  it('a CA under a name that clients take for another’s is refused, though its bytes are other ones', async () => {
    const named = (CN: string): string => shipped.replace(/CN: Example Corp Issuing I1\b/u, `CN: ${CN}`);
    expect(await room.refusals(named('example corp  ROOT r1'))).toEqual(['subject-reused']);
    expect(await room.refusals(named('Example Corp Root R2'))).toEqual([]);
  });

  it('the same plan held again would put a second CA in the place of the first: its names are taken', async () => {
    const second = await hold(shipped);
    room.continueFrom(second, root);
    expect(await room.refusals(shipped)).toContain('plan-name-taken');
    const renamed = shipped.replaceAll('issuing-i1', 'issuing-i2');
    room.issuing.keys = [];
    expect(await room.refusals(renamed)).toEqual(['subject-reused']);
    expect(await room.refusals(renamed.replace('CN: Example Corp Issuing I1', 'CN: Example Corp Issuing I2'))).toEqual(
      [],
    );
  });

  it('a plan that starts a hierarchy is not given a bundle to continue', async () => {
    expect(await room.refusals(rootPlan)).toContain('binding-previous-unexpected');
  });

  it('the root key is used through its certificate: another key in its place signs nothing', async () => {
    const ceremony = await room.begin(shipped);
    const [rootKey, ...others] = room.root.keys;
    const other = await throwawayKey('ec-p384');
    if (rootKey === undefined) throw new Error('no key');
    room.root.keys = [{ ...rootKey, key: other }, ...others];
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'inventory-differs' } });
  });
});

describe('an issuing CA whose key comes as a CSR', () => {
  it('gets its certificate for the key that signed the CSR, and nothing of the subject in it', async () => {
    const spki = await bringCsr();
    const second = await hold(csrPlan);
    const certificate = readCertificate(fromBase64(second.state.certificates['issuing-i1']?.der ?? ''));
    expect(certificate.tbs.spki).toEqual(spki);
    expect(second.state.keys['issuing-i1']).toMatchObject({ origin: 'csr' });
    expect(second.state.keys['issuing-i1']?.token).toBeUndefined();
    const text = JSON.stringify(second.state.completed);
    expect(text).toContain('subject in the CSR (not used)');
    expect(text).toContain('whatever the issuer likes');
    expect(toHex(certificate.tbs.subject)).not.toContain(toHex(utf8('whatever')));
  });

  it('DER is as good as PEM', async () => {
    await bringCsr();
    const pem = Buffer.from(room.media.files.get('/csr/i1.pem') ?? []).toString();
    room.media.files.set(
      '/csr/i1.pem',
      Uint8Array.from(Buffer.from(pem.replaceAll(/-----.*-----|\s/gu, ''), 'base64')),
    );
    expect(await room.refusals(csrPlan)).toEqual([]);
  });

  it.each([
    ['is for a key of another kind', { algorithm: 'ec-p384' as const }, 'csr-key-algorithm'],
    ['is not signed by its own key', { spoil: (der: Uint8Array) => flipped(der, -1) }, 'x509-csr-signature'],
    ['is cut short', { spoil: (der: Uint8Array) => der.subarray(0, -5) }, 'der-truncated'],
    ['has something behind it', { spoil: (der: Uint8Array) => Uint8Array.from([...der, 0]) }, 'der-trailing-bytes'],
  ])('that %s is refused before any token is touched', async (_, change, code) => {
    await bringCsr(change);
    expect(await room.refusals(csrPlan)).toEqual([code]);
  });

  it('that is not there, not named by the binding, empty or a certificate is refused', async () => {
    await bringCsr();
    room.media.files.set(
      '/csr/i1.pem',
      utf8(toPem('CERTIFICATE', fromBase64(first.state.certificates['root-r1']?.der ?? ''))),
    );
    expect(await room.refusals(csrPlan)).toHaveLength(1);
    room.media.files.set('/csr/i1.pem', new Uint8Array());
    expect(await room.refusals(csrPlan)).toEqual(['der-truncated']);
    room.media.files.delete('/csr/i1.pem');
    expect(await room.refusals(csrPlan)).toEqual(['media-missing']);
    room.setting = { ...room.setting, files: {} };
    expect(await room.refusals(csrPlan)).toEqual(['binding-file-missing']);
  });

  it('for a key that has a certificate in this hierarchy already is refused', async () => {
    const signer = room.root.keys[1];
    if (signer === undefined) throw new Error('no key');
    const key = {
      algorithm: 'ec-p256',
      spki: signer.key.spki,
      sign: signer.key.sign,
      pkcs8: () => new Uint8Array(),
    } as const;
    await bringCsr({ key });
    expect(await room.refusals(csrPlan)).toEqual(['key-reused']);
  });
});

describe('waivers', () => {
  const waiver = (rule: string, expires: string): string => `waivers:
  - { rule: ${rule}, object: issuing-1, reason: because it is only a test of waivers, clause: none at all, approver: Ada, expires: ${expires} }
`;
  /** An issuing CA without the constraint lint wants, so that a waiver has something to waive. */
  const broken = shipped.replace('eku: [serverAuth, clientAuth]', 'eku: [serverAuth, codeSigning]');
  const rule = 'intermediate-eku-separate';

  it('what lint refuses is refused without one, and let through, transcribed and carried with one', async () => {
    expect(await room.refusals(broken)).toEqual(['lint-refused']);
    const second = await hold(`${broken}${waiver(rule, '2030-01-01T00:00:00Z')}`);
    expect(second.state.certificates['issuing-i1']?.waived).toHaveLength(1);
    expect(bundleOf(second, first).manifest.waivers).toMatchObject([{ rule, object: 'issuing-i1' }]);
    room.continueFrom(second, root);
    expect(JSON.stringify(second.state.completed)).toContain(`waived: ${rule}`);
  });

  it.each([
    ['has expired', `${broken}${waiver(rule, '2026-01-01T00:00:00Z')}`, 'lint-refused'],
    ['waives nothing', `${shipped}${waiver(rule, '2030-01-01T00:00:00Z')}`, 'waiver-unused'],
    ['waives nothing any more', `${shipped}${waiver(rule, '2026-01-01T00:00:00Z')}`, 'waiver-expired'],
  ])('one that %s is refused', async (_, plan, code) => {
    expect(await room.refusals(plan)).toEqual([code]);
  });
});
