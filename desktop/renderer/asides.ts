import type { Refusal } from '../../core/ports/coded-error.ts';
import { typedWords } from '../../core/ceremony/typed-words.ts';
import type { Snapshot } from '../contract/shapes.ts';
import type { Host } from './host.ts';
import { text } from './text.ts';

/** What people can do besides what is asked of them. */
export const asideKinds = ['note', 'pause', 'leave', 'stop'] as const;
export type AsideKind = (typeof asideKinds)[number];
type FieldName = keyof typeof text.aside.fields;
export type Filled = Readonly<Partial<Record<FieldName, string>>>;

interface Aside {
  /** Typed in full: none of these happens by one click. */
  readonly word: string;
  readonly fields: readonly FieldName[];
  /** Whether it can be done while an act is being done. */
  readonly whileWorking: boolean;
  readonly send: (host: Host, word: string, filled: Filled) => Promise<Refusal | undefined>;
}

/** Names on one line, with commas between them. */
function namesIn(line: string): string[] {
  return line
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

export const asides: Readonly<Record<AsideKind, Aside>> = {
  note: {
    word: typedWords.note,
    fields: ['what', 'cause', 'decision', 'deciders'],
    whileWorking: true,
    send: (host, word, { what = '', cause = '', decision = '', deciders = '' }) =>
      host.ask('deviation', { word, what, cause, decision, by: namesIn(deciders) }),
  },
  pause: {
    word: typedWords.pause,
    fields: ['reason', 'by'],
    whileWorking: false,
    send: (host, word, { reason = '', by = '' }) => host.ask('pause', { word, reason, by }),
  },
  leave: {
    word: typedWords.leave,
    fields: [],
    whileWorking: true,
    send: (host) => host.ask('leave', {}),
  },
  stop: {
    word: typedWords.stop,
    fields: ['reason'],
    whileWorking: false,
    send: (host, word, { reason = '' }) => host.ask('stop', { word, reason }),
  },
};

/** Those that make sense now. */
export function asidesFor({ mode, view }: Snapshot): readonly AsideKind[] {
  return asideKinds.filter((kind) => {
    if (mode === 'working') return asides[kind].whileWorking;
    if (mode === 'opening') return kind === 'leave' || kind === 'stop';
    return kind !== 'pause' || view.paused === undefined;
  });
}

const shortest = 3;

/** What is missing in a form, or undefined. */
export function asideFault(kind: AsideKind, word: string, filled: Filled): string | undefined {
  const { fields, word: wanted } = asides[kind];
  if (fields.some((name) => (filled[name] ?? '').trim().length < shortest)) return text.aside.tooShort;
  if (word === wanted) return undefined;
  return word === '' ? text.word.nothing(wanted) : text.word.notAccepted(word, wanted);
}
