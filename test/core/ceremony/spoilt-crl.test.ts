// A CRL is written ahead before it is signed, and what is written ahead lies in a file while the ceremony is interrupted. Here
// somebody changes it there, with the whole chain of the journal made anew: nothing is signed.
import { describe, expect, it } from 'vitest';
import { keyIdentifier } from '../../../core/x509/spki.ts';
import { certificateNamed } from '../../../core/ceremony/lookup.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { fromBase64, toBase64 } from '../../../core/ports/base64.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import type { JsonObject } from '../../../core/ports/json.ts';
import { crlContents } from '../../../core/profile/crl-contents.ts';
import { encodeTbsCertList, readCrl, readTbsCertList, type Revocation } from '../../../core/x509/crl.ts';
import { sha256 } from '../../support/hierarchy.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

/** A ceremony that stands before the word for its CRL. */
async function beforeCrl(room: MemoryRoom, name: string): Promise<Ceremony> {
  const ceremony = await room.begin(readShipped(name).text);
  await room.playUntil(ceremony, (next, act) => act === 'issue-crl' && next.kind === 'ask');
  return ceremony;
}

interface Change {
  readonly number?: bigint;
  readonly revocations: readonly Revocation[];
}

/** The bytes to be signed, with other contents. */
function spoilt({ state }: Ceremony, tbs: Uint8Array, { number = 3n, revocations }: Change): Uint8Array {
  const { subject, spki } = certificateNamed(state, 'root-r1').tbs;
  const { thisUpdate, nextUpdate = 0 } = readTbsCertList(tbs);
  const issuer = { subject, spki, keyIdentifier: keyIdentifier(spki, nodeDigest) };
  return encodeTbsCertList(crlContents({ issuer, number, thisUpdate, nextUpdate, revocations }));
}

/** Changes what is written ahead in the journal of an interrupted ceremony. */
function forge(room: MemoryRoom, ceremony: Ceremony, change: Change): void {
  const records: JournalRecord[] = [];
  const last = room.journal.records.findLastIndex(({ kind }) => kind === 'intend');
  for (const [index, { kind, at, body }] of room.journal.records.entries()) {
    const { intent } = body as { readonly intent?: { readonly tbs: string } };
    const tbs = index === last && intent !== undefined ? spoilt(ceremony, fromBase64(intent.tbs), change) : undefined;
    const other: JsonObject =
      tbs === undefined ? body : { ...body, intent: { ...intent, tbs: toBase64(tbs), digest: sha256(tbs) } };
    records.push(chainRecord(records.at(-1), { kind, at, body: other }, nodeDigest));
  }
  room.journal.records = records;
}

/** How a forged journal ends: the code, and how often something was signed since. */
async function endOf(room: MemoryRoom, ceremony: Ceremony, change: Change): Promise<readonly [string, number]> {
  // The word was typed: what is written ahead is kept, and confirmed once more.
  for (const id of ['confirm-administrator', 'confirm-officer']) {
    room.journal.onAppend = ({ kind }) => {
      if (kind === 'did' || kind === 'failed') throw new Error('the power fails');
    };
    await Promise.resolve(ceremony.answer(id, 'SIGN')).catch(() => undefined);
  }
  await ceremony.advance().catch(() => undefined);
  room.journal.onAppend = () => undefined;
  forge(room, ceremony, change);
  const signed = (): number => room.root.calls.filter((call) => call === 'sign').length;
  const before = signed();
  const end = await room.play(await room.resume());
  return [end.kind === 'failed' ? `${end.failure.code} ${end.failure.message}` : end.kind, signed() - before];
}

describe('a CRL that is changed between being written ahead and being signed', () => {
  it('and forgets what this very ceremony revoked is refused', async () => {
    const room = await roomFor('revoke-intermediate');
    const [end, signatures] = await endOf(room, await beforeCrl(room, 'revoke-intermediate'), { revocations: [] });
    expect(end).toContain('crl-forgets-revocation');
    expect(signatures).toBe(0);
  });

  it('and forgets an entry of the CRL before it is refused, and so is one that repeats its number', async () => {
    const room = await roomFor('revoke-intermediate');
    const revoking = await room.begin(readShipped('revoke-intermediate').text);
    expect(await room.play(revoking)).toEqual({ kind: 'finished' });
    const root = room.setting.previous?.root ?? '';
    const { entries } = readTbsCertList(readTbsOf(revoking));
    room.continueFrom(revoking, root);
    room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
    const kept = entries.map(({ serial, revokedAt }): Revocation => {
      return { serial, revokedAt, reason: 'cessationOfOperation' };
    });
    const { journal, setting, now } = room;
    const cases = [
      [{ number: 4n, revocations: [] }, 'crl-keeps-entries'],
      [{ number: 3n, revocations: kept }, 'crl-number-rises'],
    ] as const;
    for (const [change, rule] of cases) {
      journal.records = [];
      Object.assign(room, { setting, now });
      const [end, signatures] = await endOf(room, await beforeCrl(room, 'root-crl'), change);
      expect(end).toContain('lint-refused');
      expect(end).toContain(rule);
      expect(signatures).toBe(0);
    }
    journal.records = [];
    const [end] = await endOf(room, await beforeCrl(room, 'root-crl'), { number: 4n, revocations: kept });
    expect(end).toBe('finished');
  });
});

/** The to-be-signed part of the root's newest CRL. */
function readTbsOf({ state }: Ceremony): Uint8Array {
  return readCrl(fromBase64(state.crls['root-r1']?.der ?? '')).tbs.raw;
}
