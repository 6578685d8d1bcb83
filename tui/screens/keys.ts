import type { Key as InkKey } from 'ink';

/** A key as the screens know it. */
export type Key = { readonly kind: 'character'; readonly character: string } | { readonly kind: NamedKey };

type NamedKey =
  | 'enter'
  | 'erase'
  | 'clear'
  | 'interrupt'
  | 'escape'
  | 'tab'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'other';

const flags: readonly (readonly [keyof InkKey, NamedKey])[] = [
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['tab', 'tab'],
  ['return', 'enter'],
  ['backspace', 'erase'],
  ['delete', 'erase'],
  ['escape', 'escape'],
];

const controls: Readonly<Record<string, NamedKey>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007F': 'erase',
  '\b': 'erase',
  '\u0015': 'clear',
  '\u0003': 'interrupt',
};

function keyOf(character: string): Key {
  const control = controls[character];
  if (control !== undefined) return { kind: control };
  return /\p{C}/u.test(character) ? { kind: 'other' } : { kind: 'character', character };
}

/** Ink reports a fast typist's keys as one string: here they are keys again, one by one. */
export function keysOf(input: string, key: InkKey): readonly Key[] {
  if (key.ctrl) {
    const control: Readonly<Record<string, NamedKey>> = { c: 'interrupt', u: 'clear', h: 'erase', j: 'enter' };
    return [{ kind: control[input] ?? 'other' }];
  }
  const flag = flags.find(([name]) => key[name] === true);
  if (flag !== undefined) return [{ kind: flag[1] }];
  if (key.meta) return [{ kind: 'other' }];
  return Array.from(input, keyOf);
}

/** One key's effect on a line being typed. Anything but typing leaves it as it is. */
export function edited(line: string, key: Key, maximum: number): string {
  if (key.kind === 'character') return line.length + key.character.length > maximum ? line : line + key.character;
  if (key.kind === 'erase') return Array.from(line).slice(0, -1).join('');
  return key.kind === 'clear' ? '' : line;
}
