import { z } from 'zod';
import { toHex } from '../ports/hex.ts';
import type { ActPorts } from './act.ts';
import { digestFacts, fact } from './facts.ts';
import type { ActConfig } from './plan-types.ts';
import type { Fact, Prompt } from './prompt.ts';
import type { CeremonyState } from './state.ts';

/** Longest file that is taken in or given out: as long as the longest bundle. */
const maximumBytes = 64 * 1024 * 1024;

/** A file that changes hands, written ahead. */
export const mediaIntent = z.strictObject({
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex'),
  /** Who brings or carries it; empty in a dry run, where nobody was asked. */
  carrier: z.string().max(100),
});
export type MediaIntent = z.infer<typeof mediaIntent>;

export function readMedium(path: string, ports: ActPorts): Promise<Uint8Array> {
  return ports.media.read(path, maximumBytes);
}

/** The question who has the medium in hand: somebody who was named as present. */
export function carrierPrompt({ by: [role = 'administrator'] }: ActConfig, state: CeremonyState, say: string): Prompt {
  const people = state.people.map(({ name }) => name);
  return { id: 'carrier', kind: 'person', by: role, say, people, not: [], another: true };
}

/** What is known of a file that changes hands. */
export function handOverOf(bytes: Uint8Array, state: CeremonyState, { digest }: ActPorts): MediaIntent {
  const { carrier } = state.current.answers;
  const sha256 = toHex(digest('sha256', bytes));
  return { bytes: bytes.length, sha256, carrier: typeof carrier === 'string' ? carrier : '' };
}

export function handOverFacts(label: string, { bytes, sha256, carrier }: MediaIntent): readonly Fact[] {
  return [fact(label, carrier), fact('size', `${bytes} bytes`), ...digestFacts('file SHA-256', sha256)];
}
