import { z } from 'zod';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { toPem } from '../../../core/x509/pem.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import type { Extension } from '../../../core/x509/extensions/extension.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { certify, hsmStatements, makeVendor, vouching } from '../../support/attestation.ts';
import { sha256 } from '../../support/hierarchy.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

const shipped = readShipped('key-attestation').text;
const device = { manufacturer: 'Yubico (www.yubico.com)', model: 'YubiHSM', serial: '20250001' };

let vendor: Awaited<ReturnType<typeof makeVendor>>;
let room: MemoryRoom;
let plan: string;
let strict: string;

beforeAll(async () => {
  vendor = await makeVendor();
});

beforeEach(async () => {
  room = await roomFor('key-attestation');
  room.media.files.set('/media/ca', utf8(toPem('CERTIFICATE', vendor.ca.certificate.raw)));
  const ca = `ca: { file: attestation-ca, sha256: ${sha256(vendor.ca.certificate.raw)} }`;
  plan = shipped.replace('expect: any,', `${ca}, evidence: brought,`);
  strict = shipped.replace('expect: any, ', '');
});

/** Puts a device of the vendor in the token's place, which vouches for the root key. */
async function attestedBy(
  extensions: readonly Extension[] = hsmStatements(),
  by = vendor.device,
): Promise<Certificate> {
  const files = { 'attestation-ca': '/media/ca', brought: '/media/brought' };
  room.root.info = { ...room.root.info, ...device };
  room.setting = { ...room.setting, tokens: { root: `pkcs11:serial=${device.serial}` }, files };
  const spki = room.root.keys[0]?.key.spki ?? new Uint8Array();
  return certify({ subject: 'Attestation id:0x0003', spki, by, extensions });
}

function bring(...certificates: readonly Certificate[]): void {
  const text = certificates.map(({ raw }) => toPem('CERTIFICATE', raw)).join('');
  room.media.files.set('/media/brought', utf8(text));
}

function told(ceremony: Ceremony): Readonly<Record<string, string>> {
  const act = ceremony.state.completed.find(({ headline }) => headline.includes('attest the key'));
  return Object.fromEntries((act?.summary ?? []).map(({ label, value }) => [label, value]));
}

function kept(name: string): string {
  return Buffer.from(room.media.files.get(`${room.setting.output}/${name}`) ?? []).toString('utf8');
}

describe('attesting a key', () => {
  it('verifies what the device signed over it, from a file and from the token, and keeps the whole chain', async () => {
    const leaf = await attestedBy();
    bring(leaf, vendor.between.certificate);
    room.root.certificates = [{ label: 'device', id: '', der: vendor.device.certificate.raw }];
    const ceremony = await room.begin(plan);
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(told(ceremony)).toMatchObject({
      attestation: expect.stringMatching(/^verified/u) as string,
      verifier: 'yubihsm-2',
      'attested device': '20250001',
      origin: 'generated in the device',
      capabilities: 'sign-ecdsa',
    });
    const chain = [leaf, vendor.device.certificate, vendor.between.certificate, vendor.ca.certificate];
    expect(kept('root-r1-attestation.pem')).toBe(chain.map(({ raw }) => toPem('CERTIFICATE', raw)).join(''));
    const outcomes = room.journal.records.flatMap(({ kind, body }) => (kind === 'did' ? [body['outcome']] : []));
    const { chain: journaled } = z.object({ chain: z.array(z.string()) }).parse(outcomes.at(-2));
    expect(journaled.map((one) => sha256(fromBase64(one)))).toEqual(chain.map(({ raw }) => sha256(raw)));
  });

  it('says to people, before, on what the verifier was tried', async () => {
    bring(await attestedBy(), vendor.device.certificate, vendor.between.certificate);
    const ceremony = await room.begin(plan);
    const next = await room.playUntil(ceremony, (at, act) => act === 'attest-key' && at.kind === 'ask');
    const shown = next.kind === 'ask' ? next.prompt.show?.find(({ label }) => label === 'verifier')?.value : undefined;
    expect(shown).toContain('on no device: none of this vendor was at hand');
  });

  it.each([
    [
      'of another key',
      async () => {
        const other = await throwawayKey('ec-p384');
        return certify({ subject: 'x', spki: other.spki, by: vendor.device, extensions: hsmStatements() });
      },
      'attest-missing',
    ],
    [
      'by a device that no CA of the vendor vouches for',
      async () => attestedBy(hsmStatements(), await vouching(vendor.device.name)),
      'attest-chain',
    ],
    [
      'of a key that was put into the device',
      () => attestedBy(hsmStatements({ origin: '02' })),
      'attest-not-generated',
    ],
    ['of another device', () => attestedBy(hsmStatements({ serial: 20250002 })), 'attest-other-device'],
  ])('%s is refused, and nothing is kept', async (_, make, code) => {
    await attestedBy();
    bring(await make(), vendor.device.certificate, vendor.between.certificate);
    const ceremony = await room.begin(plan);
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code } });
    expect(kept('root-r1-attestation.pem')).toBe('');
  });

  it('that was kept before an interruption is not made anew, though the device gives another at every reading', async () => {
    bring(await attestedBy(), vendor.device.certificate, vendor.between.certificate);
    const ceremony = await room.begin(plan);
    room.journal.onAppend = ({ kind, body }) => {
      if (kind === 'did' && 'status' in (body['outcome'] as object)) throw new Error('power');
    };
    await expect(room.play(ceremony)).rejects.toThrow('power');
    room.journal.onAppend = () => undefined;
    const before = kept('root-r1-attestation.pem');
    bring(await attestedBy(), vendor.device.certificate, vendor.between.certificate);
    expect(await room.play(await room.resume())).toEqual({ kind: 'finished' });
    expect(before).not.toBe('');
    expect(kept('root-r1-attestation.pem')).toBe(before);
  });

  it('with no CA in the plan, or another in the file, is refused before anything is touched', async () => {
    await attestedBy();
    expect(await room.refusals(strict)).toEqual(['attest-ca-missing']);
    room.media.files.set('/media/ca', utf8(toPem('CERTIFICATE', vendor.between.certificate.raw)));
    expect(await room.refusals(plan)).toEqual(['attest-ca-differs']);
  });

  it('of a key that the plan has on another token is refused', async () => {
    const elsewhere = shipped.replace('root-r1: { token: root }', 'root-r1: {}');
    expect(await room.refusals(elsewhere)).toEqual(['attest-key-elsewhere']);
  });
});

describe('a device that attests nothing', () => {
  it('is refused where the plan wants it verified, but for a rehearsal, which is held on other devices', async () => {
    expect(await room.refusals(strict)).toEqual(['attest-unavailable']);
    const ceremony = await room.begin(shipped);
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(told(ceremony)).toMatchObject({
      attestation: 'not available',
      because: 'Coldroot has no verifier for Coldroot test Memory: what the vendor gives is kept, not judged.',
    });
  });

  it('has what its vendor gives kept byte by byte, and called not verified', async () => {
    room.media.files.set('/media/brought', Uint8Array.of(0xff, 0, 1, 2));
    room.setting = { ...room.setting, files: { brought: '/media/brought' } };
    const ceremony = await room.begin(shipped.replace('expect: any,', 'expect: any, evidence: brought,'));
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(told(ceremony)).toMatchObject({
      attestation: expect.stringMatching(/^NOT verified/u) as string,
      evidence: `root-r1-attestation.bin, SHA-256 ${sha256(Uint8Array.of(0xff, 0, 1, 2))}`,
    });
    expect(room.media.files.get(`${room.setting.output}/root-r1-attestation.bin`)).toEqual(
      Uint8Array.of(0xff, 0, 1, 2),
    );
  });
});
