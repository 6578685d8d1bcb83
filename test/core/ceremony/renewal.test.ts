import { beforeAll, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { readCertificate, type TbsCertificate } from '../../../core/x509/certificate.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { formatName } from '../../../core/x509/name.ts';
import { readPem } from '../../../core/x509/pem.ts';
import { edited } from '../../support/edited.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: shipped } = readShipped('intermediate');
const generated = '  - { do: generate-key, token: issuing, key: issuing-i1, by: [administrator, officer] }\n';
const issued = 'do: issue-intermediate, profile: issuing-1, issuer: root-r1, subject-key: issuing-i1,';

const renewal = edited(
  shipped,
  [generated, ''],
  [', expect: empty', ''],
  ['  bundle-signer-b1: { token: root }\n', '  bundle-signer-b1: { token: root }\n  issuing-i1: { token: issuing }\n'],
  [issued, 'do: renew-intermediate, certificate: issuing-i1, profile: issuing-1, issuer: root-r1,'],
);
const csrPlan = edited(shipped, [issued, 'do: make-csr, key: issuing-i1, profile: issuing-1,']);

let room: MemoryRoom;
let afterRoot: { readonly held: Ceremony; readonly root: string };

function tbsOf({ state }: Ceremony): TbsCertificate {
  return readCertificate(fromBase64(state.certificates['issuing-i1']?.der ?? '')).tbs;
}

beforeAll(async () => {
  room = new MemoryRoom();
  const held = await room.begin(rootPlan);
  await room.play(held);
  afterRoot = { held, root: sha256(fromBase64(held.state.certificates['root-r1']?.der ?? '')) };
  room.continueFrom(held, afterRoot.root);
});

describe('a certification request for a key of the room', () => {
  it('proves possession, names the subject of the plan, and is the same file after an interruption', async () => {
    const stopped = await room.begin(csrPlan);
    room.journal.onAppend = ({ kind, body }) => {
      if (kind === 'did' && JSON.stringify(body).includes('"act":7,')) throw new Error('the power went');
    };
    await expect(room.play(stopped)).rejects.toThrow('the power went');
    room.journal.onAppend = () => undefined;
    const before = room.media.files.get('/out-2/issuing-i1.csr.pem');
    const resumed = await room.resume();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    const after = room.media.files.get('/out-2/issuing-i1.csr.pem');
    expect(before).toBeDefined();
    expect(after).toEqual(before);
    const [pem] = readPem(Buffer.from(after ?? []).toString(), 1);
    const csr = readCsr(pem?.bytes ?? new Uint8Array(), nodeVerifier);
    expect(formatName(csr.subject)).toBe('C=US, O=Example Corp, CN=Example Corp Issuing I1');
    expect(csr.spki).toEqual(room.issuing.keys[0]?.key.spki);
  });

  it('is signed under a quorum where the plan has one, as certificates and CRLs are', async () => {
    const approved = edited(csrPlan, [
      '\nprofiles:',
      '\napprovals: { quorum: 2, by: [officer, witness] }\n\nprofiles:',
    ]);
    const fresh = new MemoryRoom();
    const first = await fresh.begin(rootPlan);
    await fresh.play(first);
    fresh.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
    const held = await fresh.begin(approved);
    const before = fresh.issuing.calls.filter((call) => call === 'sign').length;
    const next = await fresh.playUntil(
      held,
      (at, act) => act === 'make-csr' && at.kind === 'ask' && at.prompt.id.startsWith('approve-'),
    );
    expect(next).toMatchObject({ kind: 'ask', prompt: { id: 'approve-1-name' } });
    expect(fresh.issuing.calls.filter((call) => call === 'sign')).toHaveLength(before);
    expect(await fresh.play(held)).toEqual({ kind: 'finished' });
    expect(JSON.stringify(held.state.completed)).toContain('approved by');
    const approvals = held.state.approvals.filter(({ act }) => act === 8);
    expect(approvals).toHaveLength(2);
  });

  it('is refused for a key that is not in the room', async () => {
    expect(await room.refusals(edited(csrPlan, [generated, '']))).toContain('plan-key-unknown');
  });
});

describe('a renewed intermediate', () => {
  beforeAll(async () => {
    room = new MemoryRoom();
    const first = await room.begin(rootPlan);
    await room.play(first);
    const root = sha256(fromBase64(first.state.certificates['root-r1']?.der ?? ''));
    room.continueFrom(first, root);
    const second = await room.begin(shipped);
    await room.play(second);
    afterRoot = { held: second, root };
    room.continueFrom(second, root);
  });

  it.each([
    ['with fewer purposes', edited(renewal, ['eku: [serverAuth, clientAuth]', 'eku: [serverAuth]']), 'lint-refused'],
    ['with another path length', edited(renewal, ['pathLen: 0', 'pathLen: 1']), 'lint-refused'],
    [
      'for other names than before',
      edited(renewal, ['dns: [example.internal, localhost]', 'dns: [example.internal]']),
      'lint-refused',
    ],
    ['without its name constraints', edited(renewal, ['    permitted: {', '    # permitted: {']), 'lint-refused'],
    ['with another place for the CRL', edited(renewal, ['root-r1.crl', 'root-r2.crl']), 'lint-refused'],
    ['for another kind of key', edited(renewal, ['key: ec-p256', 'key: ec-p384']), 'renew-other-key'],
    ['that ends no later', edited(renewal, ['for: 5y }', 'for: 4y }']), 'renew-not-longer'],
    [
      'under another name',
      edited(renewal, ['CN: Example Corp Issuing I1', 'CN: Example Corp Issuing I2']),
      'renew-other-subject',
    ],
    [
      'of another CA',
      edited(renewal, ['profile: issuing-1, issuer: root-r1', 'profile: issuing-1, issuer: bundle-signer-b1']),
      'renew-other-issuer',
    ],
    ['that is a root', edited(renewal, ['certificate: issuing-i1', 'certificate: root-r1']), 'renew-other-issuer'],
    [
      'that nobody knows',
      edited(renewal, ['certificate: issuing-i1', 'certificate: issuing-i9']),
      'plan-certificate-unknown',
    ],
  ])('%s is refused', async (_, plan, code) => {
    expect(await room.refusals(plan)).toEqual([code]);
  });

  it('has the key and name it had, a serial and dates of its own, and takes the place of the old one', async () => {
    const held = await room.begin(renewal);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const [old, now] = [tbsOf(afterRoot.held), tbsOf(held)];
    expect([now.subject, now.spki]).toEqual([old.subject, old.spki]);
    expect(now.serial).not.toEqual(old.serial);
    expect(now.notAfter - old.notAfter).toBe(86_400);
    expect(Object.keys(held.state.certificates)).toHaveLength(3);
    expect(JSON.stringify(held.state.completed)).toContain('takes the place of');
  });
});
