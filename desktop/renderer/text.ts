import type { Role } from '../../core/ceremony/roles.ts';
import type { SecretName } from '../../core/ceremony/secret-name.ts';
import { inCapitals, mistyped } from '../../core/ceremony/typed-words.ts';

/** A role as people are called up by it. */
function called(role: Role): string {
  return role.toUpperCase();
}

/** Choices about what an interruption left that need a typed word on top of the button. */
export const wordOfChoice: Readonly<Record<string, string>> = { destroy: 'DESTROY', abort: 'ABORT' };

/**
 * Everything the window says that does not come from the plan or the acts, in one place, ready for translation. Names of
 * acts, prompts and facts come from core/ceremony and are the same in every face; where the terminal says the same thing
 * it says it in the same words.
 */
export const text = {
  product: 'Coldroot',
  version: (version: string) => `version ${version}`,
  shells: {
    electron: 'offline window',
    browser: 'browser shell on this machine',
    page: 'page alone, with a made-up host',
  },
  networkDenied: (count: number) => `${count} network request${count === 1 ? '' : 's'} refused`,
  selfCheck: { passed: 'self-check passed', failed: 'SELF-CHECK FAILED' },
  connecting: 'Connecting to the program on this machine…',

  rehearsal: 'REHEARSAL',
  rehearsalBanner: 'REHEARSAL: nothing made today is to be trusted, and the issuer refuses it.',
  /** The same at the top of every screen, beside the last event. */
  rehearsalShort: 'REHEARSAL: trust nothing made today',
  act: (number: number, total: number) => `Act ${number} of ${total}`,
  allActsDone: (total: number) => `All ${total} acts done`,
  lastEvent: (what: string) => `Last event: ${what}`,
  utc: 'UTC',
  local: (time: string) => `${time} local`,

  display: {
    label: 'Display',
    theme: { auto: 'Theme: system’s', light: 'Theme: light', dark: 'Theme: dark' },
    contrast: 'High contrast',
    large: 'Large type',
  },

  home: {
    title: 'Ceremonies on this machine',
    plans: 'Hold a ceremony',
    plansWhy: 'Choose the plan that was reviewed. It is checked before anybody is asked to start it.',
    noPlans: 'There are no plans in the folders this program was started with.',
    choose: (title: string) => `Choose this plan: ${title}`,
    chooseShort: 'Choose this plan',
    acts: (count: number) => `${count} act${count === 1 ? '' : 's'}`,
    continues: 'continues an earlier ceremony',
    unreadable: 'This file is not a plan that can be held.',
    past: 'Ceremonies held here',
    pastWhy: 'One that was interrupted can be taken up where it stopped. All can be verified and looked at.',
    noPast: 'No ceremony has been held here yet.',
    begun: 'begun',
    status: { running: 'not finished', finished: 'finished', aborted: 'stopped for good' },
    progress: (done: number, all: number) => `${done} of ${all} acts done`,
    resumed: (times: number) => `interrupted ${times} time${times === 1 ? '' : 's'}`,
    resume: 'Resume',
    back: 'Go to it',
    verify: 'Verify',
    look: 'Look at what it made',
    transcript: 'Transcript',
    export: 'Export',
    of: (action: string, title: string) => `${action}: ${title}`,
    waiting: 'Waiting until the device has finished what it was doing when the ceremony was interrupted…',
    damaged: 'This folder does not hold a ceremony that can be read.',
  },

  check: {
    title: 'Check the plan',
    file: 'file',
    hierarchy: 'hierarchy',
    acts: 'acts',
    binding: 'Binding: which devices stand for the plan’s tokens',
    noBinding: 'There is no binding beside the plans. Write one, then come back.',
    lacks: (tokens: string) => `binds no token for: ${tokens}`,
    lacksPrevious: 'names no bundle of the ceremony before, which this plan continues',
    unreadable: 'is not a binding that can be read',
    rehearse: 'This is a rehearsal: the same plan, marked so that nothing trusts what it makes',
    start: 'Check everything',
    again: 'Check again',
    checking: 'Checking the plan, the files, the devices, and every certificate with throwaway keys…',
    passed: 'The preflight passed',
    passedWhy: 'Everything that can be found out beforehand was found in order. Nothing was touched on any token.',
    failed: (count: number) => (count === 1 ? 'The preflight found a fault' : `The preflight found ${count} faults`),
    failedWhy: 'The plan would fail if it were held now, so nobody is asked to start it. Nothing was touched.',
    foreseen: 'What each act will do',
    forecast: 'Numbers drawn at random (serials, key IDs, digests) are shown when their act is confirmed.',
    begin: 'Open the ceremony',
    beginWhy: 'This writes the first line of the journal. Nothing happens on a token until the room has typed BEGIN.',
    text: 'The plan’s own text',
    back: 'Back to all ceremonies',
    atAct: (number: number) => `act ${number}`,
  },

  opening: {
    title: 'What is about to happen',
    hash: 'Read the words aloud. Everybody compares them with the reviewed plan.',
    hashTitle: 'The plan’s SHA-256',
    about: 'The plan',
    hierarchy: 'hierarchy',
    follows: 'goes on from',
    needed: (role: Role) => `${called(role)} needed`,
    token: (name: string) => `token ${name}`,
    tokenIs: (what: { label: string; model: string; serial: string }) =>
      `${what.label}, ${what.model}, serial ${what.serial}`,
    acts: 'The acts, in their order',
    done: 'done already',
    who: 'Everybody must agree now',
    begin: (word: string, first: string) =>
      `Type ${word}. It starts act 1 (${first}); until then nothing is changed on any token.`,
    resume: (word: string, first: string) => `Type ${word}. The ceremony goes on at: ${first}.`,
    resumed: (times: number) =>
      `The ceremony was interrupted (${times} time${times === 1 ? '' : 's'} so far) and is taken up again here. Anything that may or may not have been done is looked for before it is done again.`,
    button: { BEGIN: 'Begin the ceremony', RESUME: 'Go on with the ceremony' } as Readonly<Record<string, string>>,
    start: 'Start',
  },

  paused: {
    mark: 'PAUSED',
    since: 'paused since',
    reason: 'why',
    by: 'who said so',
    confirmedBy: 'confirmed by',
  },
  deviations: {
    title: (count: number) => (count === 1 ? '1 deviation was noted' : `${count} deviations were noted`),
    line: (act: number, what: string) => `act ${act}: ${what}`,
  },

  panes: { acts: 'Overview', transcript: 'Transcript', people: 'In the room', act: 'What happens now' },
  nothingYet: 'Nothing has been done yet.',
  nobodyYet: 'Nobody has been named yet.',
  marks: { done: 'done', current: 'NOW', waiting: 'to come' },

  why: 'Why',
  onToken: 'On the token',
  touchesNoToken: 'Nothing happens on any token.',
  look: 'To be compared before answering',
  warning: 'WARNING',
  mustLookLike: 'It must look like',
  readAloud: (label: string) => `${label}, to be read aloud`,
  words: 'in words',

  mustAct: (role: Role) => `${called(role)} must act now`,
  askedFor: (number: number, of: number) => `question ${number} of ${of}`,
  readFirst: 'There is more to read above. Press Page Down, or scroll, to the end; then answer.',
  reading: 'What this act is about, to be read to its end',
  refused: (fault: string) => `Not accepted: ${fault}.`,
  handingOver: 'Writing it down…',
  unknownPrompt:
    'This window is older than the plan and does not know this kind of question. Leave, and use the terminal.',

  handOut:
    'A share of a PIN is handed out here, to one person at a time. The window has no way to show it: leave, and resume this ceremony in the terminal.',

  word: {
    label: (word: string) => `Type ${word}${inCapitals([word])}, to confirm`,
    button: (word: string) => `Confirm: ${word}`,
    notAccepted: (typed: string, word: string) =>
      `${mistyped(typed, [word]) ? `Not accepted: “${typed}”` : 'Not accepted'}. Type ${word}, exactly${inCapitals([word])}.`,
    nothing: (word: string) => `Nothing was typed. Type ${word}.`,
  },
  textEntry: { button: 'Record the answer' },
  person: {
    label: 'Your own name, as it was recorded',
    button: 'Record my name',
    another: { label: 'That person’s name, as it was recorded', button: 'Record this name' },
  },
  names: {
    label: (role: Role) => `Name of one ${role}`,
    add: 'Add this name',
    remove: (name: string) => `Take out ${name}`,
    removeShort: 'Take out',
    soFar: (count: number) => (count === 0 ? 'Nobody is named yet.' : `Named so far: ${count}`),
    wanted: (minimum: number, maximum: number) =>
      minimum === maximum ? `${minimum} in all` : `${minimum} to ${maximum} in all`,
    tooFew: (count: number, minimum: number) => `${minimum} must be named; so far ${count}.`,
    full: 'Nobody else can be named here. Record them, or take one out.',
    button: (count: number) => (count === 1 ? 'Record this person' : `Record these ${count} people`),
    none: 'Nobody of this role is here',
  },
  choice: {
    legend: 'Choose one',
    button: 'Do what is chosen',
    nothing: 'Choose one of those listed.',
    word: (word: string) => `This cannot be undone. Type ${word}, in capitals`,
  },
  pin: {
    label: ({ name, again }: SecretName, token: string) =>
      `${name.slice(0, 1).toUpperCase()}${name.slice(1)} of the token “${token}”${again ? ', once more' : ''}`,
    share: (number: number, of: number, token: string) =>
      `Share ${number} of ${of} of the PIN of “${token}”, its words in their order`,
    hint: 'It is never shown, nor how long it is. Backspace clears all of it.',
    button: 'Hand over the PIN',
    keypad: (token: string) =>
      `Press the button, then type the PIN of “${token}” on the device’s own keypad. This window waits for it.`,
    keypadButton: 'Go on to the device’s keypad',
    something: 'Something is typed.',
    empty: 'Nothing is typed.',
    caps: 'Caps Lock is on.',
    none: 'No PIN was typed. If this device has a keypad of its own, press the button once more and type it there.',
    clear: 'Clear',
    paste: 'A PIN is typed, never pasted.',
    tooLong: 'That is longer than any PIN. All of it was cleared.',
    keyboard: 'On-screen keyboard',
    shift: 'Shift',
    space: 'Space',
    keyboardLabel: 'On-screen keyboard for the PIN',
  },

  working: {
    title: 'The program is at work: nothing to type now',
    kinds: {
      prepare: 'Working out exactly what this act will do',
      perform: 'Doing it, and verifying what was made',
      recover: 'Looking on the token for what the interruption left',
      resolve: 'Carrying out what was decided',
      end: 'Closing the journal',
    } as Readonly<Record<string, string>>,
    other: 'At work',
    elapsed: (seconds: number) => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`),
    patience: 'Some devices take minutes to make a key. Do not unplug anything.',
  },

  failure: {
    title: 'The act FAILED: decide together what to do',
    box: 'FAILED',
    message: 'What happened',
    remedy: 'What to do',
    code: 'code',
    where: 'where',
    before:
      'Nothing of what was done before is lost. Whatever this act may have left is looked for before it is done again.',
    retry: 'Retry this act',
  },

  aside: {
    open: 'Note, pause, leave…',
    title: 'Besides what is asked',
    legend: 'What is to be done?',
    kinds: {
      note: 'Note a deviation: something did not go as planned. It goes into the transcript; the ceremony goes on.',
      pause: 'Pause: everybody waits here. Every token is closed; two people let it go on.',
      leave: 'Leave: close the window’s ceremony now. It can be resumed later.',
      stop: 'Stop for good: it can never be resumed. What was made stays on the token.',
    },
    fields: {
      what: 'What did not go as planned?',
      cause: 'What was the cause, as far as it is known?',
      decision: 'What was decided?',
      deciders: 'Who decided it? Names, with commas between them',
      reason: 'Why?',
      by: 'Who says so? Your own name, as it was recorded',
    },
    whileWorking: 'An act is being done and is never cut short: whoever leaves, leaves as soon as it is finished.',
    tooShort: 'Each line needs at least 3 characters.',
    button: 'Do what is chosen',
    buttons: { note: 'Write it down', pause: 'Pause', leave: 'Leave', stop: 'Stop for good' },
    back: 'Back to the ceremony',
  },

  end: {
    title: 'What was made',
    finished: 'The ceremony is finished',
    aborted: 'The ceremony was stopped',
    abortedWhy: 'It cannot be resumed. What was made stays on the token and in the journal.',
    bundle: 'bundle',
    bundleTitle: 'The bundle’s SHA-256',
    bundleWhy: 'Read the words aloud. Whoever receives the bundle compares them.',
    bundleIs: (file: string, epoch: number) => `${file}, epoch ${epoch}`,
    noBundle: 'No bundle was exported.',
    journal: 'journal',
    output: 'files are in',
    export: 'Export to removable media',
    exportWhy: 'Everything is written down. Next: take the bundle out of the room.',
    close: 'Close the ceremony',
  },

  viewer: {
    title: 'What the ceremony made',
    none: 'It has made nothing yet.',
    kinds: { certificate: 'certificate', crl: 'CRL', csr: 'CSR', bundle: 'bundle', manifest: 'manifest' },
    bytes: (count: number) => `${count.toLocaleString('en')} bytes`,
    tabs: { fields: 'Fields', der: 'DER in hex', pem: 'PEM', text: 'Text', qr: 'QR code' },
    fingerprint: 'SHA-256',
    qr: 'The QR code holds the SHA-256 above, in hex. A phone may read it; this machine needs no network for it.',
    qrLabel: (hex: string) => `QR code of the SHA-256 ${hex}`,
    choose: 'What was made',
  },

  verify: {
    title: 'Verify the ceremony’s journal',
    running: 'Verifying every record, signature and file…',
    passed: 'Everything agrees',
    failed: 'It does NOT verify',
    lines: 'What was checked',
  },

  export: {
    title: 'Export to removable media',
    why: 'Only removable media are offered. Every file is read back from the medium and compared before the receipt is shown.',
    choose: 'Which medium',
    none: 'No removable medium is in and mounted. Put one in, then look again.',
    unmounted: (device: string, label: string) =>
      `${device}${label === '' ? '' : ` (${label})`} is in but not mounted.`,
    again: 'Look again',
    medium: (label: string, device: string) => `${label === '' ? 'no label' : label}, ${device}`,
    free: (free: string, total: string) => `${free} free of ${total}`,
    standIn: 'A folder that stands for a medium (--media): this is not a removable device.',
    start: 'Copy, read back and compare',
    nothing: 'Choose a medium.',
    steps: {
      space: 'free space checked',
      writing: 'written',
      flushed: 'flushed to the medium',
      comparing: 'being read back',
      compared: 'read back and the same',
      preflight: 'checked',
      waiting: 'waiting',
    },
    receipt: 'Receipt',
    receiptWhy: 'Write this into the log. The words stand for every file below: they are the hash of the list.',
    whole: 'SHA-256 of the list of files',
    at: 'copied',
    to: 'medium',
    folder: 'folder on it',
    files: 'Files, as read back',
    file: 'file',
    size: 'size',
    hash: 'SHA-256',
    eject: 'Eject the medium',
    ejected: (label: string) => `The medium ${label} may be taken out now.`,
    print: 'Print the receipt',
  },

  transcript: {
    title: 'Transcript',
    print: 'Print, or keep as PDF',
    people: 'In the room',
    acts: 'What was done',
    records: (count: number) => `${count} records in the journal`,
    last: 'Hash of the journal’s last record',
    lastWhy: 'Whoever has this paper can check the journal against it at any time.',
    signatures: 'Signed, after reading, by',
    name: 'name and role',
    signature: 'signature',
    date: 'date',
  },

  fault: {
    title: 'The ceremony had to be closed',
    why: 'Its journal is whole and it can be resumed.',
    ok: 'Understood',
  },
  refusal: { remedy: 'What to do', code: 'code' },
  busy: 'Just a moment…',
} as const;
