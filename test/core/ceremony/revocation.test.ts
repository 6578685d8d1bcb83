import { beforeAll, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { toHex } from '../../../core/ports/hex.ts';
import type { PlanProfile } from '../../../core/profile/profile.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCrl, type CrlEntry } from '../../../core/x509/crl.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { forgeCertificate } from '../../support/forge.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: intermediatePlan } = readShipped('intermediate');
const { text: revokePlan } = readShipped('revoke-intermediate');
const { text: crlPlan } = readShipped('root-crl');
const act =
  '{ do: revoke, issuer: root-r1, certificate: issuing-i1, reason: cessationOfOperation, by: [administrator, officer] }';
const crlAct = '  - { do: issue-crl, issuer: root-r1, number: next, valid: 180d, by: [administrator, officer] }\n';

function swapped(from: string, to: string): string {
  if (!revokePlan.includes(from)) throw new Error(`the plan has no "${from}"`);
  return revokePlan.replace(from, to);
}

function profileOf(plan: string, name: string): PlanProfile {
  const profile = readShipped(plan).plan.profiles[name];
  if (profile === undefined) throw new Error(`${plan} has no profile ${name}`);
  return profile;
}

let room: MemoryRoom;
let issuing: Uint8Array;
let root: string;

function der(ceremony: Ceremony, name: string): Uint8Array {
  return fromBase64(ceremony.state.certificates[name]?.der ?? '');
}

/** Continues from a ceremony with the root's token alone. */
function goOn(ceremony: Ceremony): void {
  room.continueFrom(ceremony, root);
  room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
}

async function hold(plan: string): Promise<Ceremony> {
  const ceremony = await room.begin(plan);
  expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
  return ceremony;
}

beforeAll(async () => {
  room = new MemoryRoom();
  const first = await room.begin(rootPlan);
  await room.play(first);
  root = sha256(der(first, 'root-r1'));
  room.continueFrom(first, root);
  const second = await room.begin(intermediatePlan);
  await room.play(second);
  issuing = der(second, 'issuing-i1');
  goOn(second);
});

async function refusals(plan: string): Promise<readonly string[]> {
  const calls = room.root.calls.filter((call) => call === 'sign' || call === 'login').length;
  const codes = await room.refusals(plan);
  expect(room.root.calls.filter((call) => call === 'sign' || call === 'login')).toHaveLength(calls);
  return codes;
}

function entriesOf(ceremony: Ceremony): readonly CrlEntry[] {
  return readCrl(fromBase64(ceremony.state.crls['root-r1']?.der ?? '')).tbs.entries;
}

describe('a revocation is refused before any token is touched when', () => {
  it.each([
    ['it is dated a year late', swapped('reason: c', 'at: 2027-11-24T00:00:00Z, reason: c'), 'revoke-date'],
    ['it is dated before the certificate', swapped('reason: c', 'at: 2026-11-01T00:00:00Z, reason: c'), 'revoke-date'],
    ['its reason is none a CA may have', swapped('cessationOfOperation,', 'certificateHold,'), 'yaml-invalid-value'],
    ['it gives no reason', swapped(', reason: cessationOfOperation', ''), 'yaml-invalid-value'],
    ['no CRL follows', swapped(crlAct, ''), 'plan-revocation-unlisted'],
    ['the CRL comes before it', swapped(`  - ${act}\n${crlAct}`, `${crlAct}  - ${act}\n`), 'plan-revocation-unlisted'],
    ['a CA would revoke itself', swapped('certificate: issuing-i1', 'certificate: root-r1'), 'plan-revokes-itself'],
    ['it is made twice', swapped(act, `${act}\n  - ${act}`), 'plan-certificate-unknown'],
    [
      'the certificate is not known',
      swapped('certificate: issuing-i1', 'certificate: issuing-i9'),
      'plan-certificate-unknown',
    ],
    [
      'the certificate is another CA’s',
      swapped('issuer: root-r1, certificate', 'issuer: bundle-signer-b1, certificate').replace(
        'do: issue-crl, issuer: root-r1',
        'do: issue-crl, issuer: bundle-signer-b1',
      ),
      'revoke-other-issuer',
    ],
    [
      'the revoked one would sign the bundle',
      swapped('certificate: issuing-i1', 'certificate: bundle-signer-b1'),
      'plan-certificate-unknown',
    ],
  ])('%s', async (_, plan, code) => {
    expect(await refusals(plan)).toContain(code);
  });

  it('a file is named whose certificate another root issued, though the names are the same', async () => {
    const key = await throwawayKey('ec-p384');
    const other = await forgeCertificate(profileOf('root', 'root'), key.spki, key, { now: room.now });
    const subject = await throwawayKey('ec-p256');
    const alien = await forgeCertificate(profileOf('intermediate', 'issuing-1'), subject.spki, key, {
      now: room.now,
      issuer: other,
    });
    const plan2 = swapped('certificate: issuing-i1', 'file: old');
    room.media.files.set('/media/old', utf8(toPem('CERTIFICATE', alien.raw)));
    room.setting = { ...room.setting, files: { old: '/media/old' } };
    expect(await refusals(plan2)).toEqual(['revoke-other-issuer']);
    room.media.files.set('/media/old', alien.raw.subarray(0, 100));
    expect(await refusals(plan2)).toEqual(['der-truncated']);
    room.media.files.set('/media/old', utf8(toPem('CERTIFICATE', issuing)));
    expect(await refusals(plan2)).toEqual(['revoke-in-bundle']);
  });
});

describe('a revocation', () => {
  it('is in the next CRL with its date and reason, the CA is out of the bundle, and no later CRL forgets it', async () => {
    const third = await hold(revokePlan);
    const [entry, ...more] = entriesOf(third);
    const { serial } = readCertificate(issuing).tbs;
    expect(more).toEqual([]);
    expect(toHex(entry?.serial ?? new Uint8Array())).toBe(toHex(serial));
    expect(third.state.crls['root-r1']?.number).toBe('3');
    expect(Object.keys(third.state.certificates).sort()).toEqual(['bundle-signer-b1', 'root-r1']);
    expect(third.state.revocations['root-r1']).toEqual([]);
    goOn(third);
    const fourth = await hold(crlPlan);
    expect(entriesOf(fourth)).toEqual(entriesOf(third));
    goOn(fourth);
    room.media.files.set('/media/old', utf8(toPem('CERTIFICATE', issuing)));
    room.setting = { ...room.setting, files: { old: '/media/old' } };
    const again = swapped('certificate: issuing-i1', 'file: old').replace('  issuing-i1: {}\n', '');
    expect(await refusals(again)).toEqual(['revoke-already']);
  });
});

describe('a CRL of a root that lapsed before its successor', () => {
  it('is refused, and let through with a waiver that says why', async () => {
    room.now += 200 * 86_400;
    expect(await refusals(crlPlan)).toEqual(['lint-refused']);
    const waiver = `waivers:
  - { rule: crl-no-gap, object: root-r1, reason: the safe could not be opened in time, clause: BR 4.9.7, approver: Ada, expires: 2028-01-01T00:00:00Z }
`;
    expect(await refusals(`${crlPlan}${waiver}`)).toEqual([]);
  });
});
