// A room in memory for ceremonies: a clock that stands still, entropy that is always the same, files, a journal and
// tokens that can be told to fail. Everything else is the code that ships.
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { peculiarReading } from '../../../core/node/second-opinion/peculiar.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { shamirSharing } from '../../../core/node/secret-sharing.ts';
import { parseAnswers, type Answers } from '../../../core/ceremony/answers.ts';
import type { Next } from '../../../core/ceremony/next.ts';
import type { CeremonyPorts, Setting } from '../../../core/ceremony/ports.ts';
import { preflight, type Preflight } from '../../../core/ceremony/preflight.ts';
import { Ceremony } from '../../../core/ceremony/run.ts';
import type { SecretPrompt } from '../../../core/ceremony/share-entry.ts';
import { readShare } from '../../../core/ceremony/share.ts';
import { playScript, scriptedReply, type ScriptedEnd, type ShareKeeper } from '../../../core/ceremony/scripted.ts';
import { equalBytes, utf8 } from '../../../core/ports/bytes.ts';
import { CodedError, formatRefusal } from '../../../core/ports/coded-error.ts';
import type { JournalRecord, JournalStore } from '../../../core/ports/journal.ts';
import type { Media } from '../../../core/ports/media.ts';
import { deviceOf } from '../ready-plans.ts';
import { utc } from '../../vectors/lint-world.ts';
import { keySupply, MemoryToken, MemoryTokens } from './token.ts';

export const memoryPins = { root: 'correct-horse-7261', issuing: 'battery-staple-9043' } as const;

/** PINs of security officers, as two dice choose them. */
export const memorySoPins = { root: '0123456789abcdef', issuing: 'fedcba9876543210' } as const;

/** The PIN of a token's user, or of its security officer. */
export function pinOf(token: string, officer?: true): string {
  return (officer === true ? memorySoPins : memoryPins)[deviceOf(token)];
}

function coded(code: string): CodedError {
  return new CodedError({ code, message: `The test says ${code}.`, remedy: 'Do what the test says.' });
}

/** A journal that can be told that the disk is full. */
class MemoryJournal implements JournalStore {
  records: readonly JournalRecord[] = [];
  /** Called before a record is kept; what it throws is what the disk says. */
  onAppend: (record: JournalRecord) => void = () => undefined;

  append(record: JournalRecord): Promise<void> {
    return Promise.resolve().then(() => {
      this.onAppend(record);
      if (record.sequence !== this.records.length + 1) throw coded('journal-write');
      this.records = [...this.records, record];
    });
  }
}

/** Files by path. */
class MemoryMedia implements Media {
  readonly files = new Map<string, Uint8Array>();

  read(path: string, maximumBytes: number): Promise<Uint8Array> {
    const bytes = this.files.get(path);
    if (bytes === undefined) return Promise.reject(coded('media-missing'));
    return bytes.length > maximumBytes ? Promise.reject(coded('media-too-large')) : Promise.resolve(bytes);
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    const there = this.files.get(path);
    if (there !== undefined && !equalBytes(there, bytes)) return Promise.reject(coded('media-exists'));
    this.files.set(path, Uint8Array.from(bytes));
    return Promise.resolve();
  }
}

/** Answers as a rehearsal's script gives them; `more` is YAML. */
export function memoryAnswers(more = 'found: adopt\nrecords: { root-bag: RB0001 }\n'): Answers {
  const text = `coldroot-answers: 1
people: { administrator: [Ada Administrator], officer: [Olga One, Omar Two], witness: [Wim Witness] }
confirm: everything
clock: machine
${more}`;
  const parsed = parseAnswers(text, 'answers.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
  return parsed.value;
}

export class MemoryRoom {
  /** Seconds since the epoch; tests set it. */
  now = utc('2026-11-22T09:00:00Z');
  readonly root: MemoryToken;
  readonly issuing: MemoryToken;
  readonly media = new MemoryMedia();
  /** What officers wrote on paper. */
  readonly shares = new Map<string, string>();
  journal = new MemoryJournal();
  setting: Setting;
  readonly ports: CeremonyPorts;
  /** Officers who write their shares down and type them again. */
  readonly keeper: ShareKeeper = {
    read: (token, number, set) => {
      const place = `${token} ${number}`;
      const before = this.#before.get(place) ?? this.shares.get(place) ?? '';
      const ofSet = this.#papers.find((share) => {
        const read = readShare(share, nodeDigest);
        return read.set === set && read.index === number;
      });
      return Promise.resolve(ofSet ?? before);
    },
    keep: (token, number, share) => {
      this.#papers.push(share);
      this.shares.set(`${token} ${number}`, share);
      return Promise.resolve();
    },
  };
  /** Shares of the ceremonies before this one. */
  #before = new Map<string, string>();
  /** Every share that was ever written down. */
  readonly #papers: string[] = [];
  #drawn = 0;

  constructor() {
    const supply = keySupply();
    const vault = new Map();
    this.root = new MemoryToken('00000000000000r1', 'root', memoryPins.root, supply, vault);
    this.issuing = new MemoryToken('00000000000000i1', 'issuing', memoryPins.issuing, supply, vault);
    this.setting = {
      tokens: { root: 'pkcs11:serial=00000000000000r1' },
      files: {},
      output: '/out',
      bindingHash: '0'.repeat(64),
      boundHash: '0'.repeat(64),
    };
    this.ports = {
      clock: { now: () => this.now },
      entropy: { bytes: (length) => this.#draw(length) },
      digest: nodeDigest,
      verify: nodeVerifier,
      media: this.media,
      room: () =>
        Promise.resolve({ networkInterfaces: [], platform: 'memory', version: '0.0.0', softwareHash: 'a'.repeat(64) }),
      sharing: shamirSharing,
      opinions: async (artefact) => [await peculiarReading(artefact)],
      throwaway: throwawayKey,
      tokens: new MemoryTokens([this.root, this.issuing]),
      version: '0.0.0',
    };
  }

  /** Always the same octets in the same order, and never the same twice. */
  #draw(length: number): Uint8Array {
    const parts: Buffer[] = [];
    for (let size = 0; size < length; size += 32) {
      this.#drawn += 1;
      parts.push(Buffer.from(nodeDigest('sha256', utf8(`entropy ${this.#drawn}`))));
    }
    return Uint8Array.from(Buffer.concat(parts).subarray(0, length));
  }

  check(planText: string, rehearsal = false): Promise<Preflight> {
    return preflight({ planText, planFile: 'plan.yaml', setting: this.setting, rehearsal }, this.ports);
  }

  /** Codes of the refusals of a plan's preflight; empty when it passes. */
  async refusals(planText: string, rehearsal = false): Promise<readonly string[]> {
    const checked = await this.check(planText, rehearsal);
    return checked.ok ? [] : checked.refusals.map(({ code }) => code);
  }

  /** Begins a ceremony whose preflight must pass. */
  async begin(planText: string, rehearsal = false): Promise<Ceremony> {
    const checked = await this.check(planText, rehearsal);
    if (!checked.ok) throw new Error(JSON.stringify(checked.refusals));
    const { ports, setting, journal: store } = this;
    return Ceremony.begin({ ports, setting, store }, checked);
  }

  /** A new process takes the ceremony up again; the devices have forgotten who was logged in. */
  resume(): Promise<Ceremony> {
    for (const token of [this.root, this.issuing]) token.lose();
    const { ports, setting, journal: store } = this;
    return Ceremony.resume({ ports, setting, store });
  }

  /** Plays a ceremony to its end, or to the first failure. */
  play(ceremony: Ceremony, answers: Answers = memoryAnswers()): Promise<ScriptedEnd> {
    return playScript(ceremony, answers, {
      readPin: (token, officer) => Promise.resolve(pinOf(token, officer)),
      answering: () => Promise.resolve(),
      shares: this.keeper,
    });
  }

  /** Plays a ceremony until it stops where `here` says, and says what comes next there. */
  async playUntil(ceremony: Ceremony, here: (next: Next, act: string) => boolean): Promise<Next> {
    const answers = memoryAnswers();
    for (;;) {
      const next = await ceremony.advance();
      const { beginning, index } = ceremony.state;
      const asks = next.kind === 'ask' || next.kind === 'reopen';
      if (here(next, beginning.plan.acts[index]?.do ?? 'end') || !asks) return next;
      const { prompt } = next;
      if (prompt.kind === 'word' && prompt.handOut !== undefined) {
        const { token, number } = prompt.handOut;
        await this.keeper.keep(token, number, ceremony.handOut(prompt.id) ?? '');
      }
      const refusal =
        prompt.kind === 'secret'
          ? await ceremony.secret(prompt.id, await this.#secretFor(prompt))
          : await ceremony.answer(prompt.id, scriptedReply(ceremony, prompt, answers));
      if (refusal !== undefined) throw new Error(formatRefusal(refusal));
    }
  }

  #secretFor({ token, share, officer }: SecretPrompt): Promise<string> {
    return share === undefined
      ? Promise.resolve(pinOf(token, officer))
      : this.keeper.read(token, share.number, ...(share.set === undefined ? [] : [share.set]));
  }

  /** The next ceremony continues from the bundle this one left: a new journal, the same devices, a day later. */
  continueFrom(ceremony: Ceremony, rootFingerprint: string): void {
    const { bundle } = ceremony.state;
    if (bundle === undefined) throw new Error('there is no bundle');
    this.journal = new MemoryJournal();
    this.#before = new Map(this.shares);
    this.now += 86_400;
    const previous = `${this.setting.output}/${bundle.file}`;
    this.setting = {
      ...this.setting,
      output: `/out-${bundle.epoch + 1}`,
      tokens: { root: 'pkcs11:serial=00000000000000r1', issuing: 'pkcs11:serial=00000000000000i1' },
      previous: { bundle: previous, root: rootFingerprint },
    };
  }
}
