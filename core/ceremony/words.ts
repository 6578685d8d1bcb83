import { fromHex } from '../ports/hex.ts';
import { evenWords, oddWords } from './word-lists.ts';

/**
 * A hash as words to read aloud: one word for each byte, short words at even positions and long ones at odd positions,
 * so that a word skipped, repeated or swapped breaks the rhythm and is heard.
 */
export function hashWords(hex: string): readonly string[] {
  return Array.from(fromHex(hex), (byte, index) => (index % 2 === 0 ? evenWords : oddWords)[byte] ?? '?');
}

/** Words in rows of four, numbered by their first word's position: `1  acorn bicycle … `. */
export function wordRows(hex: string): readonly string[] {
  const words = hashWords(hex);
  const rows: string[] = [];
  for (let index = 0; index < words.length; index += 4) {
    rows.push(`${String(index + 1).padStart(2)}  ${words.slice(index, index + 4).join(' ')}`);
  }
  return rows;
}

/** Hex in groups of eight digits. */
export function hexGroups(hex: string): string {
  return hex.replaceAll(/.{8}(?=.)/gu, '$& ');
}
