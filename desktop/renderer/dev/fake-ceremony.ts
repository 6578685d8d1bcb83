import { CodedError, type Refusal } from '../../../core/ports/coded-error.ts';
import { answerFault, type Answer, type Prompt } from '../../../core/ceremony/prompt.ts';
import { factLine } from '../../../core/ceremony/facts.ts';
import type { CeremonyView, TranscriptLine } from '../../../core/ceremony/view.ts';
import { wordRows } from '../../../core/ceremony/words.ts';
import type { Person } from '../../../core/ceremony/state.ts';
import type { Snapshot } from '../../contract/shapes.ts';
import { pageNow } from '../clock.ts';
import { madeUpHash, madeUpId } from './made-up-hash.ts';
import type { Story, StoryAct } from './story.ts';

const roles: CeremonyView['roles'] = [
  { role: 'administrator', needed: '1' },
  { role: 'officer', needed: '2 of 3' },
  { role: 'witness', needed: '1' },
];

function utcNow(): string {
  return new Date(pageNow()).toISOString().replace(/\.\d+Z$/u, 'Z');
}

function refused(code: string, message: string): CodedError {
  return new CodedError({ code, message, remedy: 'Answer what is asked now.' });
}

const pausedText = {
  headline: 'The ceremony is paused',
  why: 'Somebody in the room asked everybody to wait. Nothing is done until two people let it go on.',
  onToken: 'Every token was closed; their PINs are asked for again.',
};

function textOf({ headline, why, onToken }: StoryAct): typeof pausedText {
  return { headline, why, onToken };
}

const nothingMade: Snapshot['made'] = { facts: [], bundle: null };

function makes(made: Snapshot['made'], label: string, value: string): Snapshot['made'] {
  return { ...made, facts: [...made.facts, { label, value }] };
}

/** What each step adds to what was made. */
const making: Readonly<Record<NonNullable<StoryAct['makes']>, (made: Snapshot['made']) => Snapshot['made']>> = {
  key: (made) => makes(made, 'key made', 'root-r1 (ec-p384) on token root'),
  root: (made) => makes(made, 'certificate made', 'root-r1 (root)'),
  crl: (made) => makes(made, 'CRL made', 'of root-r1, number 1'),
  bundle: (made) => ({
    ...made,
    bundle: { file: 'example-corp-1-rehearsal.coldroot', epoch: 1, ...hashed('bundle') },
  }),
};

export function hashed(name: string): { sha256: string; words: string[] } {
  const sha256 = madeUpHash(name);
  return { sha256, words: [...wordRows(sha256)] };
}

/** A ceremony that is only a story. It refuses what the real one would: the page is a client here too. */
export class FakeCeremony {
  readonly id: string;
  readonly #story: Story;
  readonly #rehearsal: boolean;
  readonly #changed: () => void;
  #index: number;
  #prompt = 0;
  #started = false;
  #status: CeremonyView['status'] = 'running';
  #workingSince: string | null = null;
  #failure: Refusal | undefined;
  #hasFailed = false;
  #people: readonly Person[] = [];
  #transcript: readonly TranscriptLine[] = [];
  #made = nothingMade;
  #last: Snapshot['last'] = { at: utcNow(), kind: 'begin', act: null, typed: null, named: null, by: null };

  #paused: CeremonyView['paused'];
  #deviations: CeremonyView['deviations'] = [];

  constructor(story: Story, rehearsal: boolean, changed: () => void) {
    this.id = madeUpId(story.title);
    this.#story = story;
    this.#rehearsal = rehearsal;
    this.#changed = changed;
    this.#index = story.from;
    if (story.from > 0) this.#last = { ...this.#last, kind: 'resume' };
  }

  start(word: string): void {
    if (word !== this.#firstWord) throw refused('word-wrong', `The word is ${this.#firstWord}.`);
    this.#started = true;
    this.#changed();
  }

  answer(act: number, id: string, value: Answer): void {
    const asked = this.#asked;
    if (asked === undefined || act !== this.#index + 1 || asked.id !== id)
      throw refused('not-asked', 'This is not asked.');
    const fault = answerFault(asked, value);
    if (fault !== undefined) throw refused('answer-unfit', `${fault}.`);
    this.#note(asked, value);
    if (this.#paused !== undefined) {
      const confirmed = this.#paused.confirmedBy !== undefined;
      this.#paused = confirmed ? undefined : { ...this.#paused, confirmedBy: typeof value === 'string' ? value : '' };
      this.#changed();
      return;
    }
    this.#prompt += 1;
    if (this.#asked === undefined) this.#work();
    this.#changed();
  }

  retry(): void {
    if (this.#failure === undefined) throw refused('not-failed', 'No act has failed.');
    this.#failure = undefined;
    this.#work();
    this.#changed();
  }

  /** Everybody waits until one more person has confirmed it and one has let it go on. */
  pause(reason: string, by: string): void {
    this.#paused = { since: utcNow(), reason, by };
    this.#last = { ...this.#last, at: utcNow(), kind: 'pause', typed: null, named: null };
    this.#changed();
  }

  deviation(noted: Omit<CeremonyView['deviations'][number], 'at' | 'act'>): void {
    this.#deviations = [...this.#deviations, { at: utcNow(), act: this.#index + 1, ...noted }];
    this.#last = { ...this.#last, at: utcNow(), kind: 'deviation', typed: null, named: null };
    this.#changed();
  }

  stop(): void {
    this.#status = 'aborted';
    this.#workingSince = null;
    this.#last = { ...this.#last, at: utcNow(), kind: 'abort', typed: null, named: null };
    this.#changed();
  }

  snapshot(): Snapshot {
    return {
      ceremony: this.id,
      folder: '2026-11-27-example-corp',
      mode: this.#mode,
      firstWord: this.#firstWord,
      busy: false,
      step: this.#workingSince === null ? '' : 'perform',
      workingSince: this.#workingSince,
      view: this.#view(),
      last: this.#last,
      tokens: [{ name: 'root', label: 'root', model: 'Example HSM 7', serial: '5e71a1', keypad: false }],
      forecast: [],
      made: this.#made,
      places: { journal: '/ceremonies/example/journal.db', output: '/ceremonies/example/out' },
    };
  }

  get #firstWord(): string {
    return this.#story.from > 0 ? 'RESUME' : 'BEGIN';
  }

  get #act(): StoryAct | undefined {
    return this.#story.acts[this.#index];
  }

  get #asked(): Prompt | undefined {
    if (this.#paused !== undefined) {
      const { by, confirmedBy } = this.#paused;
      const people = this.#people.map(({ name }) => name);
      const base = { kind: 'person', by: 'officer', people } as const;
      return confirmedBy === undefined
        ? { ...base, id: 'pause-confirm', say: 'Confirm the pause: another person types their name.', not: [by] }
        : { ...base, id: 'pause-end', say: 'Let the ceremony go on: one person types their name.', not: [] };
    }
    const waits = this.#status === 'running' && this.#failure === undefined && this.#workingSince === null;
    return waits ? this.#act?.prompts[this.#prompt] : undefined;
  }

  get #mode(): Snapshot['mode'] {
    if (this.#status !== 'running') return 'over';
    if (!this.#started) return 'opening';
    if (this.#failure !== undefined) return 'failed';
    return this.#workingSince === null ? 'asking' : 'working';
  }

  #note(prompt: Prompt, value: Answer): void {
    const list = Array.isArray(value) ? (value as readonly string[]) : undefined;
    if (prompt.kind === 'names' && list !== undefined) {
      this.#people = [...this.#people, ...list.map((name) => ({ role: prompt.role, name }))];
    }
    this.#last = {
      at: utcNow(),
      kind: prompt.kind === 'secret' ? 'secret' : 'answer',
      act: null,
      typed: typeof value === 'string' && value.length <= 40 ? value : null,
      named: list?.length ?? null,
      by: prompt.id.startsWith('confirm-') ? prompt.by : null,
    };
  }

  #work(): void {
    const act = this.#act;
    if (act === undefined) return;
    this.#workingSince = utcNow();
    setTimeout(() => {
      if (this.#status !== 'running') return;
      this.#workingSince = null;
      if (act.fails !== undefined && !this.#hasFailed) {
        this.#hasFailed = true;
        this.#failure = act.fails;
        this.#last = { ...this.#last, at: utcNow(), kind: 'failed', typed: null, named: null };
      } else this.#done(act);
      this.#changed();
    }, act.takes);
  }

  #done({ headline, summary, makes }: StoryAct): void {
    const at = utcNow();
    const act = this.#index + 1;
    const own = this.#people.map(({ role, name }) => ({ label: role, value: name }));
    const facts = act === 1 ? own : summary;
    const lines = facts.map((fact) => ({ at, act, text: `  ${factLine(fact)}` }));
    this.#transcript = [...this.#transcript, { at, act, text: headline }, ...lines];
    if (makes !== undefined) this.#made = making[makes](this.#made);
    this.#last = { at, kind: 'did', act, typed: null, named: null, by: null };
    this.#index += 1;
    this.#prompt = 0;
    if (this.#index === this.#story.acts.length) this.#status = 'finished';
  }

  #view(): CeremonyView {
    const { title, acts, from } = this.#story;
    const act = this.#act;
    const prompt = this.#started ? this.#asked : undefined;
    const planHash = madeUpHash(title);
    return {
      title,
      hierarchy: 'example-corp',
      rehearsal: this.#rehearsal,
      planHash,
      planWords: wordRows(planHash),
      roles,
      people: this.#people,
      acts: acts.map(({ headline }, position) => ({
        number: position + 1,
        headline,
        status: position < this.#index ? 'done' : position === this.#index ? 'current' : 'waiting',
      })),
      ...(act === undefined || this.#status !== 'running'
        ? {}
        : {
            current: {
              number: this.#index + 1,
              ...(this.#paused === undefined ? textOf(act) : pausedText),
              who: prompt === undefined ? [] : [prompt.by],
              ...(prompt === undefined ? {} : { prompt }),
              ...(this.#failure === undefined ? {} : { failure: this.#failure }),
            },
          }),
      transcript: this.#transcript,
      ...(this.#paused === undefined ? {} : { paused: this.#paused }),
      deviations: this.#deviations,
      status: this.#status,
      resumptions: from > 0 ? 1 : 0,
    };
  }
}
