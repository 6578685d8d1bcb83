import { readFileSync } from 'node:fs';
import type { Plan } from '../../../core/ceremony/plan-types.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { holdPlain } from '../../../tui/faces/plain.ts';
import { sha256 } from '../hierarchy.ts';
import {
  backupsOf,
  deviceOf,
  givenOutBy,
  historyOf,
  initializes,
  mediaOf,
  readShipped,
  receiptsOf,
} from '../ready-plans.ts';
import { receiptFor } from '../receipt.ts';
import { memoryAnswers, MemoryRoom, pinOf } from './room.ts';

export const transcriptFolder = new URL('../../vectors/transcripts/', import.meta.url);

/** Hashes over signatures, their words, and sizes: ECDSA draws its own randomness, so these differ every time. */
function withoutChance(line: string, index: number, lines: readonly string[]): string {
  const hashed = /^( *(?:SHA-256 fingerprint|(?:bundle|receipt|file) SHA-256): ).*$/u;
  const own = hashed.exec(line);
  if (own !== null) return `${own[1]}(of a signature)`;
  // Eight rows of words belong to the hash above them.
  const words = /^( *)(?:in words: | {10}) ?\d+ {2}.*$/u.exec(line);
  const above = lines.slice(0, index).findLastIndex((one) => !/^ *(?:in words: | {10}) ?\d+ {2}/u.test(one));
  if (words !== null && hashed.test(lines[above] ?? '')) return line.replace(/\d+ {2}.*$/u, '(words)');
  return line.replace(/(?<=, |^ *size: )\d+ bytes$/u, '(size) bytes');
}

/** Puts the tokens and files of a plan into the room, and nothing else. */
function furnish(room: MemoryRoom, plan: Plan): void {
  const wanted = Object.keys(plan.tokens);
  const tokens = wanted.map((name) => {
    const device = room[deviceOf(name)];
    if (!initializes(plan, name)) return [name, `pkcs11:serial=${device.info.serial}`] as const;
    device.makeBlank();
    return [name, 'blank:'] as const;
  });
  const files = mediaOf(plan).map(([name, fixture]) => {
    room.media.files.set(`/media/${name}`, readFileSync(fixture));
    return [name, `/media/${name}`] as const;
  });
  const receipts = receiptsOf(plan).map((name) => {
    const last = room.media.files.get(room.setting.previous?.bundle ?? '');
    room.media.files.set(`/media/${name}`, receiptFor(last ?? new Uint8Array()));
    return [name, `/media/${name}`] as const;
  });
  const given = givenOutBy(plan).map((name) => [name, `/given-out/${name}`] as const);
  const backups = backupsOf(plan).map((name) => [name, `/backups/${name}`] as const);
  const named = Object.fromEntries([...files, ...receipts, ...given, ...backups]);
  room.setting = { ...room.setting, tokens: Object.fromEntries(tokens), files: named };
}

/** A room in which a plan can be held: the ceremonies before it first. */
export async function roomFor(name: string): Promise<MemoryRoom> {
  const room = new MemoryRoom();
  for (const before of historyOf(name)) {
    const { text, plan } = readShipped(before);
    furnish(room, plan);
    const held = await room.begin(text);
    const end = await room.play(held);
    if (end.kind !== 'finished') throw new Error(`${before}: ${JSON.stringify(end)}`);
    room.continueFrom(held, sha256(fromBase64(held.state.certificates['root-r1']?.der ?? '')));
  }
  const { text, plan } = readShipped(name);
  furnish(room, plan);
  if (plan.rehearsed) await showRehearsal(room, text, plan);
  return room;
}

/** Rehearses a plan on other tokens, where it wants nothing that was there before, and shows what the rehearsal left. */
async function showRehearsal(room: MemoryRoom, text: string, plan: Plan): Promise<void> {
  const other = new MemoryRoom();
  furnish(other, plan);
  const held = await other.begin(text, true);
  const end = await other.play(held);
  if (end.kind !== 'finished') throw new Error(`rehearsal: ${JSON.stringify(end)}`);
  const bundle = '/media/rehearsal.coldroot';
  const left = other.media.files.get(`/out/${held.state.bundle?.file ?? ''}`);
  room.media.files.set(bundle, left ?? new Uint8Array());
  const root = sha256(fromBase64(held.state.certificates['root-r1']?.der ?? ''));
  room.setting = { ...room.setting, rehearsal: { bundle, root } };
}

/** What the plain face logs of a shipped plan, held from beginning to end on tokens in memory at a fixed time. */
export async function transcriptOf(name: string): Promise<string> {
  const room = await roomFor(name);
  const lines: string[] = [];
  const output = {
    line: (text: string) => lines.push(text),
    note: (text: string) => lines.push(text),
    isTerminal: false,
  };
  const answers = memoryAnswers();
  const script = {
    answers,
    readPin: (token: string, officer?: true) => Promise.resolve(pinOf(token, officer)),
    shares: room.keeper,
  };
  const code = await holdPlain(await room.begin(readShipped(name).text), script, output);
  const text = lines.flatMap((line) => line.split('\n'));
  return [...text.map(withoutChance), `exit status ${code}`, ''].join('\n');
}
