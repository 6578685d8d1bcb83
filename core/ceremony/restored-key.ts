import type { KeyAttributes } from '../ports/token.ts';

/** What a restored key must be, whoever found it. */
const wanted = {
  token: true,
  private: true,
  sensitive: true,
  sign: true,
  extractable: false,
  decrypt: false,
  unwrap: false,
  derive: false,
} as const satisfies Partial<KeyAttributes>;

/** What of a restored key is not as it must be, in words. */
export function restoredFaults(attributes: KeyAttributes): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => attributes[name as keyof typeof wanted] !== value)
    .map(([name, value]) => `it is ${value ? 'not ' : ''}${name}`);
}

/**
 * What a key and its copy must have in common: what they may be used for. Where they come from and whether they may leave
 * is another thing for a copy, which came wrapped and may not go on.
 */
const shared = ['token', 'private', 'sensitive', 'sign', 'decrypt', 'unwrap', 'derive'] as const;

/** In what a copy differs from the original in its uses, in words. */
export function usesDiffering(original: KeyAttributes, copy: KeyAttributes): string[] {
  return shared
    .filter((name) => original[name] !== copy[name])
    .map((name) => `${name} is ${original[name]} there and ${copy[name]} here`);
}

/** The attributes that are set, for the transcript. */
export function attributeText(attributes: Readonly<Record<string, boolean>>): string {
  return Object.entries(attributes)
    .filter(([, set]) => set)
    .map(([name]) => name)
    .join(', ');
}
