import { beforeEach, describe, expect, it } from 'vitest';
import { writeReceipt, type Receipt } from '../../../core/bundle/receipt.ts';
import { reportHtml } from '../../../core/ceremony/report.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { edited } from '../../support/edited.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

const checked = '  - { do: check-room }\n';
const { text: shipped } = readShipped('root-crl');
const importing = edited(shipped, [checked, `${checked}  - { do: import-bundle }\n`]);
const receiving = edited(shipped, [checked, `${checked}  - { do: receipt, file: receipt }\n`]);
let room: MemoryRoom;

async function refusals(plan: string): Promise<readonly string[]> {
  const found = await room.check(plan);
  return found.ok ? [] : found.refusals.map(({ code }) => code);
}

function told({ state }: Ceremony, act: string): string {
  const index = state.beginning.plan.acts.findIndex((one) => one.do === act);
  return JSON.stringify(state.completed[index]?.summary ?? []);
}

beforeEach(async () => {
  room = await roomFor('root-crl');
});

describe('the bundle of the last ceremony', () => {
  it('is shown with what it holds, what that ceremony changed, and the hash that was read aloud at its end', async () => {
    const archive = room.media.files.get(room.setting.previous?.bundle ?? '') ?? new Uint8Array();
    const held = await room.begin(importing);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const facts = told(held, 'import-bundle');
    expect(facts).toContain('1; the bundle of this ceremony will be 2');
    expect(facts).toContain('CN=Example Corp Root R1');
    expect(facts).toContain(
      'new certificate root-r1; new certificate bundle-signer-b1; CRL of root-r1: number none, now 1',
    );
    expect(facts).toContain(sha256(archive).slice(0, 8));
  });

  it('is told apart by what the one before it had: a renewed root, a CRL with another number', async () => {
    const renewed = await roomFor('renew-root');
    const held = await renewed.begin(readShipped('renew-root').text);
    expect(await renewed.play(held)).toEqual({ kind: 'finished' });
    room = renewed;
    const { previous } = room.setting;
    room.continueFrom(held, previous?.root ?? '');
    room.setting = { ...room.setting, tokens: { root: room.setting.tokens['root'] ?? '' } };
    const next = await room.begin(importing);
    await room.playUntil(next, (at, act) => act === 'open-token' && at.kind === 'ask');
    const facts = told(next, 'import-bundle');
    expect(facts).toContain(
      'another certificate root-r1; new certificate root-r1-first; CRL of root-r1: number 1, now 2',
    );
  });

  it('says which certificates and CRLs are past', async () => {
    room.now += 200 * 86_400;
    const waived = `waivers:\n  - { rule: crl-no-gap, object: root-r1, reason: the last ceremony was cancelled, clause: CPS 4.9.7, approver: Policy Authority, expires: "2028-01-01T00:00:00Z" }\n\nacts:`;
    const held = await room.begin(edited(importing, ['acts:', waived]));
    await room.playUntil(held, (at, act) => act === 'open-token' && at.kind === 'ask');
    expect(told(held, 'import-bundle')).toMatch(/CRL of root-r1.*which is past/u);
  });

  it('is refused where there is none to go on from', async () => {
    const first = edited(rootPlan, [checked, `${checked}  - { do: import-bundle }\n`]);
    expect(await refusals(first)).toContain('plan-without-previous');
  });

  it('exchanged after the ceremony began is refused, before and after it was confirmed', async () => {
    const file = room.setting.previous?.bundle ?? '';
    const other = await roomFor('root-crl');
    const foreign = other.media.files.get(other.setting.previous?.bundle ?? '') ?? new Uint8Array();
    for (const stop of ['check-room', 'import-bundle']) {
      room = await roomFor('root-crl');
      const held = await room.begin(importing);
      await room.playUntil(held, (at, act) => act === stop && at.kind === 'ask' && at.prompt.id.startsWith('confirm'));
      room.media.files.set(file, foreign);
      const end = await room.play(held);
      expect(end).toMatchObject({ kind: 'failed' });
      // Another bundle of the same history, or of another root: whichever, it is not the one that was begun with.
      expect(JSON.stringify(end)).toMatch(/media-changed|bundle-root-missing/u);
    }
  });
});

describe('a receipt of what the issuer has loaded', () => {
  function receiptOf(change: Partial<Receipt> = {}): Receipt {
    const { bundle } = held.state;
    return {
      'coldroot-receipt': 1,
      authenticated: false,
      hierarchy: 'example-corp',
      rehearsal: false,
      epoch: bundle?.epoch ?? 0,
      sums: bundle?.sums ?? '',
      loaded: formatUtc(room.now - 7200),
      made: formatUtc(room.now - 3600),
      issuer: 'https://acme.example.internal',
      replica: 'acme-1',
      ...change,
    };
  }

  function bring(bytes: Uint8Array): void {
    room.media.files.set('/usb/receipt.json', bytes);
    room.setting = { ...room.setting, files: { receipt: '/usb/receipt.json' } };
  }

  let held: Ceremony;
  beforeEach(async () => {
    held = await room.begin(shipped);
    await room.play(held);
    const root = room.setting.previous?.root ?? '';
    room.continueFrom(held, root);
    room.setting = { ...room.setting, tokens: { root: room.setting.tokens['root'] ?? '' } };
  });

  it('is taken in where it is of the last bundle, and is said to be signed by nobody', async () => {
    bring(writeReceipt(receiptOf()));
    const next = await room.begin(receiving);
    expect(await room.play(next)).toEqual({ kind: 'finished' });
    expect(told(next, 'receipt')).toContain('epoch 2 on ');
    expect(told(next, 'receipt')).toContain('NOT SIGNED');
    expect(reportHtml(next.state, room.now)).toContain('<td class="warning">NOT SIGNED');
    expect(told(next, 'receipt')).toContain(
      sha256(writeReceipt(receiptOf({ made: formatUtc(room.now - 3600) }))).slice(0, 8),
    );
  });

  it.each([
    ['of another hierarchy', { hierarchy: 'another' }, 'receipt-other-hierarchy'],
    ['of a rehearsal', { rehearsal: true }, 'receipt-other-hierarchy'],
    ['of an issuer that is behind', { epoch: 1 }, 'receipt-behind'],
    ['of an issuer that has a later bundle', { epoch: 3 }, 'receipt-ahead'],
    ['of another bundle of this epoch', { sums: 'ab'.repeat(32) }, 'receipt-other-bundle'],
    ['loaded before the bundle was made', { loaded: '2026-01-01T00:00:00Z' }, 'receipt-time'],
    ['written before it was loaded', { made: '2026-01-01T00:00:00Z' }, 'receipt-time'],
    ['written in the future', { made: '2030-01-01T00:00:00Z' }, 'receipt-time'],
  ])('%s is refused', async (_, change, code) => {
    bring(writeReceipt(receiptOf(change)));
    expect(await refusals(receiving)).toEqual([code]);
  });

  it.each([
    [
      'that says more than a receipt does',
      () => writeReceipt({ ...receiptOf(), key: 'value' } as Receipt),
      'receipt-malformed',
    ],
    [
      'that calls itself authenticated',
      () => writeReceipt({ ...receiptOf(), authenticated: true } as unknown as Receipt),
      'receipt-malformed',
    ],
    ['that is not canonical', () => utf8(JSON.stringify(receiptOf(), null, 2)), 'receipt-malformed'],
    ['that is empty', () => new Uint8Array(), 'receipt-malformed'],
    ['that is too long', () => new Uint8Array(20_000), 'media-too-large'],
  ])('%s is refused', async (_, make, code) => {
    bring(make());
    expect(await refusals(receiving)).toEqual([code]);
  });

  it('is refused where the plan goes on from nothing', async () => {
    const first = edited(rootPlan, [checked, `${checked}  - { do: receipt, file: receipt }\n`]);
    expect(await refusals(first)).toContain('plan-without-previous');
  });
});
