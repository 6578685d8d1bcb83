import { beforeEach, describe, expect, it } from 'vitest';
import { readBackup, backupBytes } from '../../../core/ceremony/backup-file.ts';
import type { Next } from '../../../core/ceremony/next.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { memoryAnswers, type MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';
import { edited as changed, type Edit } from '../../support/edited.ts';

const shipped = readShipped('backup-and-restore-drill').text;
const drill =
  '{ do: restore-drill, token: backup, key: root-r1, file: root-r1-backup, by: [administrator, officer, witness] }';
const restoring = '{ do: restore-key, token: backup, key: root-r1, as: root-r1-copy, file: root-r1-backup }';
const file = '/backups/root-r1-backup';

const edited = (...edits: readonly Edit[]): string => changed(shipped, ...edits);

let room: MemoryRoom;
beforeEach(async () => {
  room = await roomFor('backup-and-restore-drill');
});

/** Plays until this act asks for its first word, or fails. */
async function until(act: string, plan = shipped): Promise<{ ceremony: Ceremony; next: Next }> {
  const ceremony = await room.begin(plan);
  const next = await room.playUntil(
    ceremony,
    (at, name) => name === act && at.kind === 'ask' && at.prompt.id.startsWith('confirm'),
  );
  return { ceremony, next };
}

function factOf(ceremony: Ceremony, label: string): string | undefined {
  return ceremony.state.completed.flatMap((act) => act.summary).findLast((fact) => fact.label === label)?.value;
}

const labels = (at: 'root' | 'issuing') => room[at].keys.map(({ label }) => label);

describe('backing a key up', () => {
  it('waits for every role, names both devices and the wrapping key, and leaves the key where it is', async () => {
    const { ceremony, next } = await until('backup-key');
    const shown = JSON.stringify(next);
    for (const part of ['00000000000000r1', '00000000000000i1', 'wrapping key (SPKI) SHA-256'])
      expect(shown).toContain(part);
    expect(await ceremony.answer('confirm-administrator', 'backup')).toMatchObject({ code: 'answer-refused' });
    expect(room.media.files.has(file)).toBe(false);
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(labels('root')).toEqual(['root-r1', 'bundle-signer-b1']);
    expect(labels('issuing')).toEqual(['backup-w1']);
    const read = readBackup(room.media.files.get(file) ?? new Uint8Array());
    expect(read).toMatchObject({
      ok: true,
      backup: { from: { serial: '00000000000000r1' }, key: { name: 'root-r1' } },
    });
  });

  it('of a key that the token does not let go is refused by its own code, before people are asked', async () => {
    const { ceremony } = await until('issue-root');
    room.root.keys = room.root.keys.map((key) => ({ ...key, attributes: { ...key.attributes, extractable: false } }));
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'key-not-wrappable' } });
    expect(room.root.calls).not.toContain('wrapKey');
  });

  it('for a wrapping key that is no longer on its token is refused', async () => {
    const { ceremony } = await until('issue-root');
    room.issuing.keys = [];
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'wrapping-key-missing' } });
    expect(room.root.calls).not.toContain('wrapKey');
  });

  it.each(['before', 'after'] as const)('is done once where it was interrupted %s the token wrapped', async (when) => {
    const { ceremony } = await until('backup-key');
    room.root.failNext('wrapKey', 'token-busy', when);
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-busy' } });
    const resumed = await room.resume();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(factOf(resumed, 'file')).not.toBe('root-r1-backup: written before an interruption');
  });

  it('takes the file that an interruption left after it was written, and wraps nothing again', async () => {
    const { ceremony } = await until('backup-key');
    room.journal.onAppend = ({ kind }) => {
      if (kind === 'did') throw new Error('the power fails');
    };
    await expect(room.play(ceremony)).rejects.toThrow('the power fails');
    room.journal.onAppend = () => undefined;
    const written = room.media.files.get(file);
    const wraps = room.root.calls.filter((call) => call === 'wrapKey').length;
    const resumed = await room.resume();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(room.media.files.get(file)).toBe(written);
    expect(room.root.calls.filter((call) => call === 'wrapKey')).toHaveLength(wraps);
    expect(resumed.state.completed.flatMap(({ summary }) => summary)).toContainEqual({
      label: 'file',
      value: 'root-r1-backup: written before an interruption',
    });
  });
});

describe('a drill', () => {
  it('leaves a signature that anyone can verify under the root certificate, and no key', async () => {
    const { ceremony } = await until('restore-drill');
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    const index = ceremony.state.beginning.plan.acts.findIndex((act) => act.do === 'restore-drill');
    const body = (kind: string) =>
      room.journal.records.find((record) => record.kind === kind && (record.body as { act?: number }).act === index)
        ?.body;
    const { intent } = body('intend') as { intent: { nonce: string } };
    const { outcome } = body('did') as { outcome: { signature: string } };
    const message = utf8(`coldroot restore drill ${intent.nonce}\n`);
    const { spki = '' } = ceremony.state.keys['root-r1'] ?? {};
    expect(nodeVerifier(fromBase64(spki), 'ecdsa-sha384', message, fromBase64(outcome.signature))).toBe(true);
    expect(labels('issuing')).toEqual(['backup-w1']);
    expect(factOf(ceremony, 'halves of the copy destroyed')).toMatch(/^2;/u);
  });

  it('of a file that was changed after people confirmed it is refused, and nothing is restored', async () => {
    const { ceremony } = await until('restore-drill');
    const read = readBackup(room.media.files.get(file) ?? new Uint8Array());
    if (!read.ok) throw new Error(read.refusal.message);
    room.media.files.set(file, backupBytes({ ...read.backup, created: read.backup.created + 1 }));
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'backup-changed' } });
    expect(room.issuing.calls).not.toContain('unwrapKey');
  });

  const others: readonly (readonly [what: string, code: string, change: (text: string) => string])[] = [
    ['of a rehearsal', 'backup-rehearsal', (text) => text.replace('"rehearsal":false', '"rehearsal":true')],
    ['of another hierarchy', 'backup-other-hierarchy', (text) => text.replace('"example-corp"', '"other-corp"')],
    ['of which something is missing', 'backup-malformed', (text) => text.replace('"rehearsal":false,', '')],
  ];
  it.each(others)('of a backup %s is refused: %s', async (_, code, change) => {
    const { ceremony } = await until('backup-key');
    room.journal.onAppend = ({ kind }) => {
      const bytes = room.media.files.get(file);
      if (kind === 'did' && bytes !== undefined)
        room.media.files.set(file, utf8(change(Buffer.from(bytes).toString('utf8'))));
    };
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code } });
    expect(room.issuing.calls).not.toContain('unwrapKey');
  });

  it('of the backup of another key is refused by its public key', async () => {
    const { spki } = await throwawayKey('ec-p384');
    const { ceremony } = await until('backup-key');
    room.journal.onAppend = ({ kind }) => {
      const read = readBackup(room.media.files.get(file) ?? new Uint8Array());
      if (kind !== 'did' || !read.ok) return;
      const key = { ...read.backup.key, spki: Buffer.from(spki).toString('base64') };
      room.media.files.set(file, backupBytes({ ...read.backup, key }));
    };
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'backup-other-key' } });
  });

  it('on a token that does not hold the wrapping key is refused by name', async () => {
    const { ceremony } = await until('backup-key');
    room.journal.onAppend = ({ kind }) => {
      if (kind === 'did' && room.media.files.has(file)) room.issuing.keys = [];
    };
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'backup-other-token' } });
  });

  it('that fails destroys the copy, and says why it failed', async () => {
    const { ceremony } = await until('restore-drill');
    room.issuing.failNext('sign', 'token-function-failed');
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-function-failed' } });
    expect(labels('issuing')).toEqual(['backup-w1']);
  });

  it.each(['token-wrong-key', 'token-key-attributes'])(
    'whose copy is not what it must be (%s) destroys it',
    async (code) => {
      const { ceremony } = await until('restore-drill');
      room.issuing.failNext('unwrapKey', code, 'after');
      expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code } });
      expect(room.issuing.calls.at(-2)).toBe('destroyKey');
      expect(labels('issuing')).toEqual(['backup-w1']);
    },
  );

  it('that fails and cannot destroy the copy says both, and looks for the copy when it is tried again', async () => {
    const { ceremony } = await until('restore-drill');
    room.issuing.failNext('sign', 'token-function-failed');
    room.issuing.failNext('destroyKey', 'token-read-only');
    const end = await room.play(ceremony);
    expect(end).toMatchObject({ kind: 'failed', failure: { code: 'token-function-failed' } });
    expect(JSON.stringify(end)).toMatch(/A copy of the key may be on the token, with CKA_ID [0-9a-f]{32}/u);
    expect(labels('issuing')).toEqual(['backup-w1', 'root-r1-drill']);
    expect(await ceremony.retry()).toBeUndefined();
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(labels('issuing')).toEqual(['backup-w1']);
  });

  it('whose copy may do more than the original is a failed drill', async () => {
    const { ceremony } = await until('restore-drill');
    room.issuing.pace = (operation) => {
      if (operation === 'unwrapKey') room.issuing.restoredAs = { decrypt: true };
      return Promise.resolve();
    };
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'drill-failed' } });
    expect(labels('issuing')).toEqual(['backup-w1']);
  });

  it.each([
    ['unwrapKey', 'before'],
    ['unwrapKey', 'after'],
    ['sign', 'after'],
    ['destroyKey', 'before'],
    ['destroyKey', 'after'],
  ] as const)('that lost the token at %s, %s it was done, is done anew and leaves no copy', async (operation, when) => {
    const { ceremony } = await until('restore-drill');
    room.issuing.failNext(operation, 'token-device-removed', when);
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-device-removed' } });
    const resumed = await room.resume();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(labels('issuing')).toEqual(['backup-w1']);
  });

  it('never offers to keep the copy that an interruption left', async () => {
    const { ceremony } = await until('restore-drill');
    room.issuing.failNext('unwrapKey', 'token-device-removed', 'after');
    await room.play(ceremony);
    const resumed = await room.resume();
    const next = await room.playUntil(resumed, (at) => at.kind === 'ask' && at.prompt.kind === 'choice');
    expect(next).toMatchObject({ prompt: { choices: [{ value: 'destroy' }, { value: 'abort' }] } });
  });
});

describe('restoring a key', () => {
  const plan = edited([drill, restoring]);

  it('puts a copy on the other token that signs, never leaves it, and is in the inventory by its name', async () => {
    const { ceremony } = await until('restore-key', plan);
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(labels('issuing')).toEqual(['backup-w1', 'root-r1-copy']);
    expect(room.issuing.keys[1]?.attributes).toMatchObject({ extractable: false, sign: true });
    expect(ceremony.state.keys['root-r1-copy']).toMatchObject({ token: 'backup', origin: 'restored' });
  });

  it.each([
    ['adopt', 'adopted after an interruption'],
    ['destroy', 'restored'],
  ] as const)(
    'a copy that an interruption left is taken over or made anew as people decide: %s',
    async (found, label) => {
      const { ceremony } = await until('restore-key', plan);
      room.issuing.failNext('unwrapKey', 'token-device-removed', 'after');
      await room.play(ceremony);
      const resumed = await room.resume();
      const answers = memoryAnswers(`found: ${found}\nrecords: { root-bag: RB0001 }\n`);
      expect(await room.play(resumed, answers)).toEqual({ kind: 'finished' });
      expect(labels('issuing')).toEqual(['backup-w1', 'root-r1-copy']);
      expect(factOf(resumed, label)).toBe('root-r1 as "root-r1-copy"');
    },
  );

  it('half a copy is offered to nobody for adoption, and is destroyed before the key is restored anew', async () => {
    const { ceremony } = await until('restore-key', plan);
    room.issuing.failNext('unwrapKey', 'token-device-removed', 'after');
    await room.play(ceremony);
    room.issuing.keys = room.issuing.keys.map((key) =>
      key.label === 'root-r1-copy' ? { ...key, halves: ['private-key'] as const } : key,
    );
    const resumed = await room.resume();
    const next = await room.playUntil(resumed, (at) => at.kind === 'ask' && at.prompt.kind === 'choice');
    expect(next).toMatchObject({ prompt: { choices: [{ value: 'destroy' }, { value: 'abort' }] } });
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(room.issuing.keys.map(({ halves }) => halves.length)).toEqual([2, 2]);
  });

  it('a copy that may do more than sign is not adopted', async () => {
    const { ceremony } = await until('restore-key', plan);
    room.issuing.failNext('unwrapKey', 'token-device-removed', 'after');
    await room.play(ceremony);
    room.issuing.keys = room.issuing.keys.map((key) =>
      key.label === 'root-r1-copy' ? { ...key, attributes: { ...key.attributes, extractable: true } } : key,
    );
    const resumed = await room.resume();
    expect(await room.play(resumed)).toMatchObject({ kind: 'failed', failure: { code: 'key-not-as-asked' } });
  });
});

describe('sealing a key', () => {
  it('is done once, wherever it was interrupted, and no backup follows it', async () => {
    for (const when of ['before', 'after'] as const) {
      room = await roomFor('backup-and-restore-drill');
      const { ceremony } = await until('seal-key');
      expect(room.root.keys[0]?.attributes.extractable).toBe(true);
      room.root.failNext('sealKey', 'token-busy', when);
      expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-busy' } });
      const resumed = await room.resume();
      expect(await room.play(resumed)).toEqual({ kind: 'finished' });
      expect(room.root.keys[0]?.attributes.extractable).toBe(false);
      expect(resumed.state.keys['root-r1']).not.toHaveProperty('wrappable');
    }
  });
});

describe('a wrapping key', () => {
  it.each([
    ['adopt', 'adopted after an interruption'],
    ['destroy', 'generated'],
  ] as const)('that an interruption left is taken over or made anew as people decide: %s', async (found, label) => {
    const { ceremony } = await until('generate-wrapping-key');
    room.issuing.failNext('generateWrappingKey', 'token-device-removed', 'after');
    await room.play(ceremony);
    const resumed = await room.resume();
    const answers = memoryAnswers(`found: ${found}\nrecords: { root-bag: RB0001 }\n`);
    expect(await room.play(resumed, answers)).toEqual({ kind: 'finished' });
    expect(labels('issuing')).toEqual(['backup-w1']);
    const made = resumed.state.completed.flatMap(({ summary }) => summary).filter((fact) => fact.label === label);
    expect(made.map(({ value }) => value)).toContainEqual(expect.stringContaining('backup-w1') as string);
  });
});
