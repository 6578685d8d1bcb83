import type { Role } from '../../core/ceremony/roles.ts';
import type { SecretName } from '../../core/ceremony/secret-name.ts';
import { inCapitals, mistyped, typedWords } from '../../core/ceremony/typed-words.ts';

/** A role as people are called up by it. */
function called(role: Role): string {
  return role.toUpperCase();
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

/** Choices about what an interruption left that need a typed word on top of Enter. */
export const wordOfChoice: Readonly<Record<string, string>> = { destroy: 'DESTROY', abort: 'ABORT' };

/**
 * Everything the screens say that does not come from the plan or the acts, in one place, ready for translation. Names of
 * acts, prompts and facts come from core/ceremony and are the same in every face.
 */
export const text = {
  rehearsal: 'REHEARSAL',
  rehearsalBanner: 'REHEARSAL: nothing made today is to be trusted, and the issuer refuses it.',
  act: (number: number, total: number) => `act ${number} of ${total}`,
  allActsDone: (total: number) => `all ${total} acts done`,
  lastEvent: (at: string, what: string) => `last event ${at}: ${what}`,
  page: (number: number, total: number) => `page ${number} of ${total}`,
  more: 'more below: Space or PgDn',
  tooSmall: (columns: number, rows: number, wanted: string) =>
    `This window is ${columns} × ${rows}. Make it at least ${wanted}: otherwise something would be cut off.`,

  opening: {
    title: 'What is about to happen',
    hash: 'The plan’s SHA-256. Read the words aloud; everybody compares them with the reviewed plan.',
    inWords: 'in words',
    plan: 'The plan',
    hierarchy: 'hierarchy',
    follows: 'goes on from',
    needed: (role: Role) => `${called(role)} needed`,
    token: (name: string) => `token ${name}`,
    tokenIs: (what: { label: string; model: string; serial: string }) =>
      `${what.label}, ${what.model}, serial ${what.serial}`,
    acts: 'The acts',
    forecast:
      'What they will do. Numbers drawn at random (serials, key IDs, digests) are shown when their act is confirmed.',
    done: 'done already',
    instruction: (word: string, first: string) =>
      word === typedWords.begin
        ? `Type ${word} and press Enter. It starts act 1 (${first}); until then nothing is changed on any token.`
        : `Type ${word} and press Enter. The ceremony goes on at: ${first}.`,
    resumed: (times: number) =>
      `The ceremony was interrupted (${times} time${times === 1 ? '' : 's'} so far) and is taken up again here. Anything that may or may not have been done is looked for before it is done again.`,
  },

  panes: { act: 'What happens now', acts: 'Overview', transcript: 'Transcript' },
  nothingYet: 'Nothing has been done yet.',
  inTheRoom: 'In the room',
  marks: { done: 'done', current: 'NOW', waiting: '' },

  why: 'Why',
  onToken: 'On the token',
  touchesNoToken: 'Nothing happens on any token.',
  toDo: 'To do',
  warning: '! WARNING',
  mustLookLike: 'must look like',
  readAloud: (label: string) => `${label}, to be read aloud:`,

  mustAct: (role: Role) => `${called(role)} must act now`,
  everybody: 'everybody',
  typeWord: (words: readonly string[]) => `Type ${listed(words)} and press Enter.`,
  typeText: 'Type it and press Enter.',
  typePerson: 'Type your own name, as it was recorded, and press Enter.',
  typeAnother: 'Type that person’s name, as it was recorded, and press Enter.',
  typeNames: (role: Role, minimum: number, maximum: number) =>
    `Type one ${role}’s name and press Enter, ${minimum === maximum ? minimum : `${minimum} to ${maximum}`} in all; then Enter on an empty line.`,
  namesSoFar: (count: number) => (count === 0 ? 'Nobody is named yet.' : `Named so far (${count}):`),
  namesEarlier: (count: number) => `… and ${count} before`,
  namesTooFew: (count: number, minimum: number) => `${minimum} must be named; so far ${count}.`,
  namesFull: 'Nobody else can be named here. Press Enter on the empty line, or Backspace to take the last one out.',
  typePin: ({ name, again }: SecretName, token: string) =>
    `Type the ${name} of "${token}"${again ? ' once more' : ''} and press Enter. It is never shown, nor how long it is.`,
  typeShare: ({ number, of }: { number: number; of: number }) =>
    `Share ${number} of ${of}: type its words in their order and press Enter (or scan its code). They are never shown.`,
  handOut: (number: number, of: number) => `Share ${number} of ${of}. Write every word down, in this order:`,
  handOutCode: 'The same as a code, to be scanned where it is typed again:',
  handOutNoCode: 'Make the window higher to see it as a code too: half a code cannot be scanned.',
  useKeypad: (token: string) =>
    `Press Enter here, then type the PIN of "${token}" on the device’s own keypad. This screen waits for it.`,
  pinEmpty: 'No PIN was typed. If this device has a keypad of its own, press Enter once more and type it there.',
  pinNothing: '(nothing typed)',
  choose: 'Choose with ↑ ↓ or the number, then press Enter.',
  chosenNeedsWord: (label: string, word: string) => `${label}. Type ${word} and press Enter, or Esc to go back.`,
  confirmChoice: (label: string) => `Enter: ${label}`,

  notAccepted: (typed: string, words: readonly string[]) =>
    `${mistyped(typed, words) ? `Not accepted: "${typed}"` : 'Not accepted'}. Type ${listed(words)}, exactly${inCapitals(words)}.`,
  nothingTyped: (words: readonly string[]) => `Nothing was typed. Type ${listed(words)}.`,
  refused: (fault: string) => `Not accepted: ${fault}.`,
  readFirst: 'Not accepted yet: there is more to read. Press Space or PgDn until the last page, then answer.',
  handingOver: 'Just a moment…',

  keys: {
    line: 'PgUp/PgDn: pages   Tab: overview, transcript   Ctrl-C: leave',
    pin: 'Backspace, Ctrl-U: clear all of it   Tab: panes   Ctrl-C: leave',
    leave: 'Esc: back to the ceremony',
    watching: 'Played from an answers file: nobody types here.',
  },

  working: {
    title: 'The program is at work: nothing to type now',
    kinds: {
      prepare: 'Working out exactly what this act will do',
      perform: 'Doing it, and verifying what was made',
      recover: 'Looking on the token for what the interruption left',
      resolve: 'Carrying out what was decided',
      end: 'Closing the journal',
      other: 'At work',
    },
    elapsed: (seconds: number) => `${seconds} s`,
    patience: 'Some devices take minutes to make a key. Do not unplug anything.',
    leaving: 'LEAVE was typed: the program leaves as soon as this act is finished.',
  },

  failure: {
    title: 'The act FAILED: decide together what to do',
    box: 'FAILED',
    message: 'what happened',
    remedy: 'what to do',
    code: 'code',
    before:
      'Nothing of what was done before is lost. Whatever this act may have left is looked for before it is done again.',
    instruction: 'Press R, S or Q:',
    retry: 'Retry this act',
    stop: 'Stop the ceremony for good: it can never be resumed; what was made stays on the token',
    leave: 'Quit now and resume later: coldroot ceremony resume',
    reason: (code: string) => `The people holding it stopped it after a failure (${code}).`,
  },

  leave: {
    title: 'Leave or stop?',
    instruction:
      'PAUSE: everybody waits here, tokens closed. NOTE: write down a deviation. LEAVE: leave now and resume later. STOP: end it for good. Type one of them, then Enter. Esc goes back.',
    whileWorking:
      'An act is being done and is never cut short. Type LEAVE and Enter to leave as soon as it is finished. Esc goes back.',
    onlyLeave: 'Type LEAVE and press Enter: the ceremony can be resumed later. Esc goes back.',
    reason: 'The people holding it stopped it.',
  },

  aside: {
    titles: { pause: 'Pause the ceremony', deviation: 'Note a deviation' },
    questions: {
      pause: ['Why is everybody to wait? Type the reason and press Enter.', 'Who says so? Type your own name.'],
      deviation: [
        'What did not go as planned? Type it and press Enter.',
        'What was the cause, as far as it is known?',
        'What was decided?',
        'Who decided it? Type the names, with commas between them.',
      ],
    },
    tooShort: 'at least 3 characters must be typed',
  },

  end: {
    title: 'What was made',
    finished: 'THE CEREMONY IS FINISHED',
    aborted: 'THE CEREMONY WAS STOPPED. It cannot be resumed. What was made stays on the token and in the journal.',
    bundle: 'bundle',
    bundleIs: (file: string, epoch: number) => `${file}, epoch ${epoch}`,
    sha256: 'bundle SHA-256',
    noBundle: 'No bundle was exported.',
    journal: 'journal',
    output: 'files are in',
    anyKey: 'Everything is written down. Press any other key to leave: Space, PgUp/PgDn and Tab still turn pages.',
    area: 'The end',
  },

  errors: {
    screen: (name: string) => `The screen failed (${name}). The ceremony itself is safe in its journal.`,
    screenRemedy: 'Take it up again with: coldroot ceremony resume DIR. COLDROOT_DEBUG=1 shows where it came from.',
  },
} as const;
