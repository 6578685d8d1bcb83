import { toBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { ResponseOf } from '../../contract/methods.ts';
import { hashed } from './fake-ceremony.ts';
import { madeUpHash, madeUpId } from './made-up-hash.ts';
import { storyOf } from './story.ts';

type List = ResponseOf<'list'>;

/** Titles of the plans on the made-up machine; each is a scenario (story.ts has the twists). */
export const titles = [
  'Example Corp Root R1',
  'Slow Key Corp Root',
  'Failing Key Corp Root',
  'Keypad Corp Root',
  'Open Token Corp Root',
  'Preflight Fails Corp Root',
] as const;

/** The one whose preflight finds faults. */
export const failing = 'Preflight Fails Corp Root';
/** The ceremony that was interrupted before this window was opened. */
export const interrupted = 'Interrupted Corp Root';

/** Another one, whose device is still doing what it was asked before: it never finishes. */
export const busy = 'Busy Corp Root';

function planLine(title: string): List['plans'][number] {
  return {
    id: madeUpId(`plan ${title}`),
    file: `${title.toLowerCase().replaceAll(' ', '-')}.yaml`,
    readable: true,
    title,
    hierarchy: 'example-corp',
    ...hashed(title),
    acts: storyOf(title, false).acts.length,
    tokens: ['root'],
    previous: 'none',
  };
}

const unreadablePlan: List['plans'][number] = {
  id: madeUpId('plan broken'),
  file: 'draft.yaml',
  readable: false,
  refusals: [
    {
      code: 'plan-unknown-key',
      message: 'There is no "pathlen" in a profile.',
      remedy: 'Write pathLen.',
      where: { file: 'draft.yaml', line: 14, column: 5 },
    },
  ],
};

type Line = Extract<List['ceremonies'][number], { readable: true }>;

function past(title: string, folder: string, change: Partial<Line>): Line {
  return {
    id: madeUpId(title),
    folder,
    readable: true,
    title,
    hierarchy: 'example-corp',
    status: 'finished',
    begun: '2026-11-20T09:02:11Z',
    rehearsal: true,
    planHash: madeUpHash(title),
    acts: { done: 9, all: 9 },
    resumptions: 0,
    open: false,
    ...change,
  };
}

export const list: List = {
  plans: [...titles.map(planLine), unreadablePlan],
  bindings: [
    {
      id: madeUpId('binding safe'),
      file: 'safe-2-binding.yaml',
      readable: true,
      tokens: ['root'],
      files: [],
      previous: false,
    },
    {
      id: madeUpId('binding issuing'),
      file: 'issuing-binding.yaml',
      readable: true,
      tokens: ['issuing'],
      files: [],
      previous: false,
    },
  ],
  ceremonies: [
    past(interrupted, '2026-11-26-interrupted', {
      status: 'running',
      acts: { done: 5, all: 9 },
      begun: '2026-11-26T15:44:09Z',
    }),
    past(busy, '2026-11-25-busy', { status: 'running', acts: { done: 4, all: 9 } }),
    past('Finished Corp Root', '2026-11-20-finished', {}),
    past('Tampered Corp Root', '2026-11-19-tampered', { status: 'aborted', acts: { done: 3, all: 9 } }),
  ],
};

export const faults: readonly Refusal[] = [
  {
    code: 'token-missing',
    message: 'The token "root" (pkcs11:serial=5e71a1) is not there.',
    remedy: 'Plug it in, or bind the one that is.',
  },
  {
    code: 'lint-root-validity-period',
    message: 'The root "root-r1" would be valid for 31 years.',
    remedy: 'Give it at most 25 years.',
    where: { file: 'plan.yaml', line: 21, column: 12 },
  },
];

const der = toBase64(Uint8Array.from({ length: 420 }, (_, index) => (index * 73 + 48) % 256));

const certificateSections: ResponseOf<'artefact'>['sections'] = [
  {
    title: 'Certificate',
    facts: [
      { label: 'subject', value: 'C=US, O=Example Corp, CN=REHEARSAL Example Corp Root R1' },
      { label: 'issuer', value: 'C=US, O=Example Corp, CN=REHEARSAL Example Corp Root R1' },
      { label: 'serial', value: '5A:1F:77:02:BC:4E:90:13:6D:AA:0E:41:C8:55:9F:21' },
      { label: 'not before', value: '2026-11-27T00:00:00Z' },
      { label: 'not after', value: '2046-11-26T23:59:59Z' },
    ],
  },
  {
    title: 'Extensions',
    facts: [
      { label: 'basicConstraints (critical)', value: 'CA' },
      { label: 'keyUsage (critical)', value: 'keyCertSign, cRLSign' },
    ],
  },
];

const pem = `-----BEGIN CERTIFICATE-----\n${(der.match(/.{1,64}/gu) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

export const artefacts: readonly ResponseOf<'artefact'>[] = [
  {
    name: 'certificate:root-r1',
    kind: 'certificate',
    title: 'root-r1',
    bytes: 420,
    ...hashed('root certificate'),
    sections: certificateSections,
    der,
    pem,
    text: null,
  },
  {
    name: 'crl:root-r1',
    kind: 'crl',
    title: 'CRL 1 of root-r1',
    bytes: 311,
    ...hashed('crl'),
    sections: [{ title: 'CRL', facts: [{ label: 'number', value: '1' }] }],
    der,
    pem: pem.replaceAll('CERTIFICATE', 'X509 CRL'),
    text: null,
  },
  {
    name: 'manifest',
    kind: 'manifest',
    title: 'manifest.json',
    bytes: utf8('{}').length,
    ...hashed('manifest'),
    sections: [],
    der: null,
    pem: null,
    text: '{"format":1,"hierarchy":"example-corp","epoch":1,"rehearsal":true}',
  },
];

export const receipt: ResponseOf<'export'> = {
  at: '2026-11-27T11:31:08Z',
  label: 'SAFE-2',
  device: '/dev/sdb1',
  standIn: false,
  folder: 'example-corp-1-rehearsal',
  files: [
    { file: 'example-corp-1-rehearsal.coldroot', bytes: 30_720, ...hashed('bundle') },
    { file: 'root-r1.pem', bytes: 912, ...hashed('root certificate') },
  ],
  whole: hashed('whole'),
};
