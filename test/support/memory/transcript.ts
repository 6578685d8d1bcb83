import { readdirSync, readFileSync } from 'node:fs';
import { parsePlan } from '../../../core/ceremony/plan.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { holdPlain } from '../../../tui/faces/plain.ts';
import { sha256 } from '../hierarchy.ts';
import { shippedPlan } from '../rehearsal-room.ts';
import { rootPlan } from './recording.ts';
import { memoryAnswers, memoryPins, MemoryRoom } from './room.ts';

export const transcriptFolder = new URL('../../vectors/transcripts/', import.meta.url);

/** Names of the plans that ship. */
export function shippedPlans(): readonly string[] {
  return readdirSync(new URL('../../../ceremonies/', import.meta.url))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/u, ''))
    .sort();
}

/** Hashes over signatures, their words, and sizes: ECDSA draws its own randomness, so these differ every time. */
function withoutChance(line: string, index: number, lines: readonly string[]): string {
  const hashed = /^( *(?:SHA-256 fingerprint|bundle SHA-256): ).*$/u;
  const own = hashed.exec(line);
  if (own !== null) return `${own[1]}(of a signature)`;
  // Eight rows of words belong to the hash above them.
  const words = /^( *)(?:in words: | {10}) ?\d+ {2}.*$/u.exec(line);
  const above = lines.slice(0, index).findLastIndex((one) => !/^ *(?:in words: | {10}) ?\d+ {2}/u.test(one));
  if (words !== null && hashed.test(lines[above] ?? '')) return line.replace(/\d+ {2}.*$/u, '(words)');
  return line.replace(/, \d+ bytes$/u, ', (size) bytes');
}

/** A room in which a plan can be held: the root ceremony first, where the plan continues one. */
async function roomFor(plan: string): Promise<MemoryRoom> {
  const room = new MemoryRoom();
  const parsed = parsePlan(plan, 'plan.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
  if (parsed.value.previous === 'required') {
    const first = await room.begin(rootPlan);
    await room.play(first);
    room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
  }
  const wanted = Object.keys(parsed.value.tokens);
  const tokens = Object.entries(room.setting.tokens).filter(([name]) => wanted.includes(name));
  if (tokens.length < wanted.length) throw new Error(`this room has not all of the tokens ${wanted.join(', ')}`);
  room.setting = { ...room.setting, tokens: Object.fromEntries(tokens) };
  return room;
}

/** What the plain face logs of a shipped plan, held from beginning to end on tokens in memory at a fixed time. */
export async function transcriptOf(name: string): Promise<string> {
  const plan = readFileSync(shippedPlan(name), 'utf8');
  const room = await roomFor(plan);
  const lines: string[] = [];
  const output = {
    line: (text: string) => lines.push(text),
    note: (text: string) => lines.push(text),
    isTerminal: false,
  };
  const pins: Readonly<Record<string, string>> = memoryPins;
  const answers = memoryAnswers();
  const script = { answers, readPin: (token: string) => Promise.resolve(pins[token] ?? '') };
  const code = await holdPlain(await room.begin(plan), script, output);
  const text = lines.flatMap((line) => line.split('\n'));
  return [...text.map(withoutChance), `exit status ${code}`, ''].join('\n');
}
