import type { Refusal } from '../../../core/ports/coded-error.ts';
import { digestFacts } from '../../../core/ceremony/facts.ts';
import type { Fact, Prompt } from '../../../core/ceremony/prompt.ts';
import type { ActView } from '../../../core/ceremony/view.ts';
import { madeUpHash } from './made-up-hash.ts';

/** One act of a made-up ceremony: what it says and asks, how long it works, and what the transcript says of it. */
export interface StoryAct extends Pick<ActView, 'headline' | 'why' | 'onToken'> {
  readonly prompts: readonly Prompt[];
  /** Milliseconds of "work". */
  readonly takes: number;
  /** It fails with this the first time. */
  readonly fails?: Refusal;
  readonly summary: readonly Fact[];
  /** What exists afterwards. */
  readonly makes?: 'key' | 'root' | 'crl' | 'bundle';
}

export interface Story {
  readonly title: string;
  readonly acts: readonly StoryAct[];
  /** Index of the act at which it is taken up again after an interruption; 0 when it was not. */
  readonly from: number;
}

const quick = 300;

function names(role: 'administrator' | 'officer' | 'witness', minimum: number, maximum: number): Prompt {
  const say = minimum === 1 && maximum === 1 ? `Name the ${role}.` : `Name the ${role}s.`;
  return { id: role, kind: 'names', by: 'administrator', role, say, minimum, maximum };
}

function word(id: string, by: Prompt['by'], typed: string, say: string, show: readonly Fact[] = []): Prompt {
  return { id, kind: 'word', by, word: typed, say, show };
}

const certificate: readonly Fact[] = [
  { label: 'version', value: '3' },
  { label: 'serial', value: '5A:1F:77:02:BC:4E:90:13:6D:AA:0E:41:C8:55:9F:21' },
  { label: 'issuer', value: 'C=US, O=Example Corp, CN=REHEARSAL Example Corp Root R1' },
  { label: 'subject', value: 'C=US, O=Example Corp, CN=REHEARSAL Example Corp Root R1' },
  { label: 'not before', value: '2026-11-27T00:00:00Z' },
  { label: 'not after', value: '2046-11-26T23:59:59Z' },
  { label: 'public key', value: 'ec-p384' },
  { label: 'signature', value: 'ecdsa-with-SHA384' },
  { label: 'basicConstraints (critical)', value: 'CA' },
  { label: 'keyUsage (critical)', value: 'keyCertSign, cRLSign' },
  ...digestFacts('TBS SHA-256', madeUpHash('tbs')),
];

const keyFacts: readonly Fact[] = [
  { label: 'token', value: 'root, serial 5e71a1' },
  { label: 'algorithm', value: 'ec-p384' },
  { label: 'label', value: 'root-r1' },
  { label: 'CKA_ID', value: madeUpHash('id').slice(0, 32) },
];

const attend: StoryAct = {
  headline: 'Record who is in the room',
  why: 'A CA key is generated under multi-person control, by people in Trusted Roles (BR 6.1.1.1).',
  onToken: '',
  prompts: [names('administrator', 1, 1), names('officer', 2, 3), names('witness', 1, 1)],
  takes: 0,
  summary: [],
};

const room: StoryAct = {
  headline: 'Check the machine: air gap, clock, software',
  why: 'What is signed here is worth as much as this machine: it must be offline, right about the time, and run what was reviewed.',
  onToken: '',
  prompts: [
    word('room', 'administrator', 'CORRECT', 'Compare with the clock on the wall and with the release’s own hash.', [
      { label: 'this machine’s time (UTC)', value: '2026-11-27T10:15:00Z' },
      { label: 'network interfaces up', value: 'eth0, wlan0', style: 'warning' },
      { label: 'platform', value: 'linux x64, Node 24.21.0' },
      ...digestFacts('software SHA-256', madeUpHash('software')),
    ]),
  ],
  takes: quick,
  summary: [{ label: 'network', value: 'eth0, wlan0 (ignored: rehearsal)' }],
};

const bag: StoryAct = {
  headline: 'What is the number of the tamper-evident bag the root token came in?',
  why: 'It goes into the transcript for the auditor.',
  onToken: '',
  prompts: [
    {
      id: 'value',
      kind: 'text',
      by: 'administrator',
      say: 'What is the number of the tamper-evident bag the root token came in?',
      pattern: '[A-Z]{2}[0-9]{4}',
      maximum: 40,
    },
  ],
  takes: 0,
  summary: [{ label: 'bag', value: 'RB0001' }],
};

function openToken(keypad: boolean): StoryAct {
  return {
    headline: 'Open the token "root"',
    why: 'It holds the root key and the key that signs bundles.',
    onToken: 'Logs in as its user. Nothing on it changes; a wrong PIN uses up a try.',
    prompts: [
      {
        id: 'pin-root',
        kind: 'secret',
        by: 'administrator',
        say: 'Enter the PIN of the token "root".',
        token: 'root',
        keypad,
        show: [
          { label: 'label', value: 'root' },
          { label: 'serial', value: '5e71a1' },
          { label: 'device', value: 'Example HSM 7, firmware 4.2' },
        ],
      },
    ],
    takes: quick,
    summary: [{ label: 'PIN state after login', value: 'ok' }],
  };
}

const inventory: StoryAct = {
  headline: 'List what is on the token "root"',
  why: 'Nothing is on it that nobody knows of.',
  onToken: 'Reads the list of objects. Nothing changes.',
  prompts: [
    word('inventory', 'officer', 'CORRECT', 'Compare with what is expected: nothing.', [
      { label: 'token', value: 'root' },
      { label: 'objects', value: '1' },
      { label: 'certificate', value: 'left-over RSA-2048 (CKA_ID 01)', style: 'warning' },
    ]),
  ],
  takes: quick,
  summary: [{ label: 'objects', value: '1' }],
};

function generate(takes: number, fails: Refusal | undefined): StoryAct {
  return {
    headline: 'Generate the key "root-r1" on the token "root"',
    why: 'ec-p384, for the root key and the key that signs bundles.',
    onToken: 'Creates a key pair that can never leave the token. This cannot be undone, only destroyed.',
    prompts: [
      word('confirm-administrator', 'administrator', 'GENERATE', 'The key pair will be made as shown.', keyFacts),
      word('confirm-officer', 'officer', 'GENERATE', 'The key pair will be made as shown.', keyFacts),
    ],
    takes,
    ...(fails === undefined ? {} : { fails }),
    summary: [{ label: 'generated', value: 'root-r1 (ec-p384) on root' }],
    makes: 'key',
  };
}

const signRoot: StoryAct = {
  headline: 'Sign the root certificate "Example Corp Root R1"',
  why: 'Everything in this hierarchy is trusted because of this certificate. Its fingerprint is what people pin.',
  onToken: 'Signs once with "root-r1".',
  prompts: [
    word('confirm-administrator', 'administrator', 'SIGN', 'Exactly these bytes will be signed.', certificate),
    word('confirm-officer', 'officer', 'SIGN', 'Exactly these bytes will be signed.', certificate),
  ],
  takes: quick,
  summary: digestFacts('SHA-256', madeUpHash('root certificate')),
  makes: 'root',
};

const crl: StoryAct = {
  headline: 'Sign CRL 1 of "root-r1"',
  why: 'Whoever checks a certificate must be able to ask whether it was revoked.',
  onToken: 'Signs once with "root-r1".',
  prompts: [word('confirm-administrator', 'administrator', 'SIGN', 'Exactly this list will be signed.', [])],
  takes: quick,
  summary: [{ label: 'CRL', value: 'number 1, no entries' }],
  makes: 'crl',
};

const exportBundle: StoryAct = {
  headline: 'Export the signed bundle',
  why: 'It carries public data only: certificates, CRLs, the plan and this transcript. The issuer loads nothing else.',
  onToken: 'Signs twice with the bundle signer.',
  prompts: [word('confirm-administrator', 'administrator', 'EXPORT', 'The bundle will be made as shown.', [])],
  takes: quick,
  summary: [{ label: 'bundle', value: 'example-corp-1-rehearsal.coldroot, epoch 1' }],
  makes: 'bundle',
};

const found: Prompt = {
  id: 'found',
  kind: 'choice',
  by: 'administrator',
  say: 'An interruption left something behind. Decide together what becomes of it.',
  show: [
    { label: 'found: private key', value: '"root-r1", CKA_ID 6b1f' },
    { label: 'found: public key', value: '"root-r1", CKA_ID 6b1f' },
  ],
  choices: [
    { value: 'adopt', label: 'Adopt it: it is the key this act was making' },
    { value: 'destroy', label: 'Destroy it and make the key again' },
    { value: 'abort', label: 'Stop the ceremony' },
  ],
};

const hung: Refusal = {
  code: 'token-hung',
  message: 'The device did not answer for 120 seconds.',
  remedy: 'Take it out, put it back, wait until its light is steady, then retry.',
};

/** Whole, and as the root ceremony goes. */
const whole: readonly StoryAct[] = [
  attend,
  room,
  bag,
  openToken(false),
  inventory,
  generate(quick, undefined),
  signRoot,
  crl,
  exportBundle,
];

/** Scenarios by the title of their plan: whatever a test can show, a developer can show by hand. */
const twists: Readonly<Record<string, readonly StoryAct[]>> = {
  'Slow Key Corp Root': [generate(25_000, undefined), signRoot],
  'Failing Key Corp Root': [generate(quick, hung), signRoot],
  'Keypad Corp Root': [openToken(true), inventory],
  'Open Token Corp Root': [openToken(false), inventory],
};

/** The made-up ceremony of a plan; taken up again after an interruption, it first asks what becomes of the leftovers. */
export function storyOf(title: string, resumed: boolean): Story {
  const acts = twists[title] ?? whole;
  if (!resumed) return { title, acts, from: 0 };
  const from = acts.findIndex(({ makes }) => makes === 'key');
  return { title, acts: acts.map((act, index) => (index === from ? { ...act, prompts: [found] } : act)), from };
}
