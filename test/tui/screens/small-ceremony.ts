// A real ceremony, small enough to hold in a test: real engine, real journal file, a token port that lives in memory and
// can be told to be slow or to refuse.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DryKeys } from '../../../core/ceremony/dry-keys.ts';
import { dryToken } from '../../../core/ceremony/dry-token.ts';
import type { CeremonyEvent } from '../../../core/ceremony/events.ts';
import type { CeremonyPorts } from '../../../core/ceremony/ports.ts';
import { Ceremony } from '../../../core/ceremony/run.ts';
import type { BoundToken, CeremonyKey } from '../../../core/ceremony/state.ts';
import { systemClock } from '../../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { shamirSharing } from '../../../core/node/secret-sharing.ts';
import { fileMedia } from '../../../core/node/media.ts';
import { secondOpinions } from '../../../core/node/second-opinion/opinions.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { openWorkspace } from '../../../core/node/workspace.ts';
import { toBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { toHex } from '../../../core/ports/hex.ts';
import type { JournalStore } from '../../../core/ports/journal.ts';
import type { Token } from '../../../core/ports/token.ts';

export const rightPin = 'Zq7x-kanarie-W4v9';

export const smallPlan = `coldroot: 1
title: Small Corp Root R1
hierarchy: small-corp
roles: { administrator: 1, officer: { of: 3, quorum: 2 } }
tokens: { root: { for: the root key } }
profiles:
  root:
    type: root
    subject: { C: US, O: Small Corp, CN: Small Corp Root R1 }
    key: ec-p256
    valid: { from: ceremony-day, for: 20y }
acts:
  - { do: attend }
  - { do: record, name: bag, ask: "Which bag did the token come in?", pattern: "[A-Z]{2}[0-9]{4}" }
  - { do: open-token, token: root }
  - { do: generate-key, token: root, key: root-r1, by: [administrator, officer] }
  - { do: issue-root, profile: root, key: root-r1, by: [administrator, officer] }
  - { do: confirm, say: "The token is back in its bag." }
`;

const bound: BoundToken = {
  uri: 'pkcs11:serial=5e71a1',
  serial: '5e71a1',
  label: 'root',
  model: 'Memory',
  manufacturer: 'Test',
  firmware: '1.0',
  keypad: false,
};

/** What the token does next. */
interface TokenControls {
  /** Key generation waits for this. */
  gate: Promise<void>;
  /** Number of key generations that fail first. */
  failures: number;
}

export interface SmallCeremony {
  readonly ceremony: Ceremony;
  readonly token: TokenControls;
  readonly directory: string;
  /** Everything in the journal's file, as text. */
  journal(): string;
  /** A second process's view: the same folder, taken up again. */
  resume(): Promise<Ceremony>;
  /** Lets the journal fail from now on. */
  breakJournal(): void;
  remove(): Promise<void>;
}

function memoryToken(controls: TokenControls): Token {
  const made: CeremonyKey[] = [];
  const base = dryToken(bound, () => made, new DryKeys(throwawayKey));
  return {
    ...base,
    login: (pin) => {
      if (pin === rightPin) return Promise.resolve();
      const remedy = 'Type the right one.';
      return Promise.reject(new CodedError({ code: 'token-pin-incorrect', message: 'The PIN is wrong.', remedy }));
    },
    generateKey: async (request) => {
      await controls.gate;
      if (controls.failures > 0) {
        controls.failures -= 1;
        const message = 'The device does not answer.';
        throw new CodedError({ code: 'token-hung', message, remedy: 'Take it out and put it back.' });
      }
      const key = await base.generateKey(request);
      made.push({ algorithm: key.algorithm, spki: toBase64(key.spki), origin: 'generated', token: 'root' });
      return key;
    },
  };
}

/** Begins a ceremony of `smallPlan` (or another) in a folder of its own. */
export async function smallCeremony(planText = smallPlan, rehearsal = true): Promise<SmallCeremony> {
  const directory = mkdtempSync(path.join(tmpdir(), 'coldroot-screen-'));
  const controls: TokenControls = { gate: Promise.resolve(), failures: 0 };
  const token = memoryToken(controls);
  const ports: CeremonyPorts = {
    clock: systemClock,
    entropy: systemEntropy,
    digest: nodeDigest,
    verify: nodeVerifier,
    media: fileMedia,
    room: () =>
      Promise.resolve({ networkInterfaces: ['eth0'], platform: 'test', version: '0', softwareHash: 'a'.repeat(64) }),
    sharing: shamirSharing,
    opinions: secondOpinions(),
    throwaway: throwawayKey,
    tokens: {
      list: () => token.info().then((info) => [info]),
      open: () => Promise.resolve(token),
      blanks: () => Promise.resolve([]),
      initialize: () => Promise.reject(new Error('nothing is initialised here')),
      setUserPin: () => Promise.reject(new Error('nothing is initialised here')),
    },
    version: '0.0.0-test',
  };
  const begin: Extract<CeremonyEvent, { kind: 'begin' }> = {
    kind: 'begin',
    at: systemClock.now(),
    planText,
    planHash: toHex(nodeDigest('sha256', utf8(planText))),
    bindingHash: '0'.repeat(64),
    rehearsal,
    version: '0.0.0-test',
    tokens: { root: bound },
    previous: null,
    certificates: {},
    keys: {},
    unsealed: [],
    compromised: [],
    approvals: [],
    crls: {},
  };
  const workspace = await openWorkspace(directory, nodeDigest);
  let broken = false;
  const store: JournalStore = {
    get records() {
      return workspace.journal.records;
    },
    append: (record) => {
      const remedy = 'Free some space.';
      if (broken)
        return Promise.reject(new CodedError({ code: 'journal-write', message: 'The disk is full.', remedy }));
      return workspace.journal.append(record);
    },
  };
  const setting = {
    tokens: { root: bound.uri },
    files: {},
    output: path.join(directory, 'out'),
    bindingHash: '0'.repeat(64),
    boundHash: '0'.repeat(64),
  };
  const held = { ports, setting, store };
  return {
    ceremony: await Ceremony.begin(held, { ok: true, begin, forecast: [] }),
    token: controls,
    directory,
    journal: () => readFileSync(path.join(directory, 'journal.db'), 'latin1'),
    resume: () => Ceremony.resume(held),
    breakJournal: () => {
      broken = true;
    },
    remove: async () => {
      await workspace.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
