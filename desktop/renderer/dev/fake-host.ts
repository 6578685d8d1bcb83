import { CodedError } from '../../../core/ports/coded-error.ts';
import type { Bridge } from '../../contract/bridge.ts';
import { dispatch, type Handlers } from '../../contract/dispatch.ts';
import type { HostEvent } from '../../contract/events.ts';
import type { Snapshot } from '../../contract/shapes.ts';
import { artefacts, busy, failing, faults, interrupted, list, receipt, titles } from './fake-data.ts';
import { FakeCeremony } from './fake-ceremony.ts';
import { madeUpHash, madeUpId } from './made-up-hash.ts';
import { storyOf } from './story.ts';

const empty: Record<string, never> = {};

function unknown(): CodedError {
  return new CodedError({ code: 'host-unknown', message: 'There is nothing of this id.', remedy: 'Go back.' });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** A whole host in the page: it decides, the page only shows, as with the real one. */
export class FakeHost {
  readonly #listeners = new Set<(event: HostEvent) => void>();
  #open: FakeCeremony | undefined;

  bridge(): Bridge {
    return {
      call: (method, request) => dispatch(this.#handlers, { method, request }) as never,
      secret: async ({ act, prompt, secret }) => {
        const wrong = new TextDecoder().decode(secret) === 'wrong';
        secret.fill(0);
        const refusal = { code: 'token-pin-incorrect', message: 'The PIN is wrong.', remedy: 'Type the right one.' };
        if (wrong) return { ok: false, refusal };
        try {
          this.#ceremony.answer(act, prompt, { secret: true });
          return { ok: true, response: null };
        } catch {
          return { ok: false, refusal };
        }
      },
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  get #ceremony(): FakeCeremony {
    if (this.#open === undefined) throw unknown();
    return this.#open;
  }

  #emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #changed(): void {
    this.#emit({ event: 'changed', body: { snapshot: this.#open?.snapshot() ?? null } });
  }

  #begin(title: string, rehearsal: boolean, resumed: boolean): Snapshot {
    this.#open = new FakeCeremony(storyOf(title, resumed), rehearsal, () => {
      this.#changed();
    });
    this.#changed();
    return this.#open.snapshot();
  }

  /** The plan of an id: its title. */
  #titleOf(plan: string): string {
    const title = titles.find((each) => madeUpId(`plan ${each}`) === plan);
    if (title === undefined) throw unknown();
    return title;
  }

  async #export(): Promise<void> {
    const steps = ['space', 'writing', 'flushed', 'comparing', 'compared'] as const;
    for (const step of steps) {
      const file = step === 'space' ? null : (receipt.files[0]?.file ?? null);
      this.#emit({ event: 'progress', body: { task: 'export', step, file, done: null, all: null } });
      await pause(120);
    }
  }

  readonly #handlers: Handlers = {
    hello: () =>
      Promise.resolve({ version: '0.0.0', shell: 'page', selfCheck: null, networkDenied: null, mediaStandIn: false }),
    list: () =>
      Promise.resolve({
        ...list,
        ceremonies: list.ceremonies.map((line) => ({
          ...line,
          ...(line.readable ? { open: this.#open?.id === line.id } : {}),
        })),
      }) as ReturnType<Handlers['list']>,
    plan: ({ plan }) => {
      const title = this.#titleOf(plan);
      const { acts } = storyOf(title, false);
      return Promise.resolve({
        file: 'plan.yaml',
        title,
        hierarchy: 'example-corp',
        sha256: madeUpHash(title),
        words: [],
        text: `coldroot: 1\ntitle: ${title}\nhierarchy: example-corp\n`,
        acts: acts.map(({ headline, why, onToken }, index) => ({ number: index + 1, headline, why, onToken })),
      });
    },
    check: async ({ plan, rehearse }) => {
      const title = this.#titleOf(plan);
      await pause(400);
      if (title === failing) return { passed: false, refusals: faults };
      const { view, tokens } = new FakeCeremony(storyOf(title, false), rehearse, () => undefined).snapshot();
      const forecast = storyOf(title, false).acts.map(({ headline, prompts }) => ({
        headline,
        facts: prompts[0]?.show ?? [],
      }));
      return { passed: true, planHash: madeUpHash(title), view, tokens, forecast };
    },
    begin: ({ plan, rehearse }) =>
      Promise.resolve({ passed: true, snapshot: this.#begin(this.#titleOf(plan), rehearse, false) }),
    resume: ({ ceremony }) => {
      if (ceremony === madeUpId(busy)) {
        this.#emit({ event: 'progress', body: { task: 'resume', step: 'waiting', file: null, done: null, all: null } });
        return new Promise(() => undefined);
      }
      if (ceremony !== madeUpId(interrupted)) throw unknown();
      return Promise.resolve({ snapshot: this.#begin(interrupted, true, true) });
    },
    snapshot: () => Promise.resolve({ snapshot: this.#open?.snapshot() ?? null }),
    start: ({ word }) => {
      this.#ceremony.start(word);
      return Promise.resolve(empty);
    },
    answer: ({ act, prompt, value }) => {
      this.#ceremony.answer(act, prompt, value);
      return Promise.resolve(empty);
    },
    retry: () => {
      this.#ceremony.retry();
      return Promise.resolve(empty);
    },
    stop: () => {
      this.#ceremony.stop();
      return Promise.resolve(empty);
    },
    pause: ({ reason, by }) => {
      this.#ceremony.pause(reason, by);
      return Promise.resolve(empty);
    },
    deviation: ({ what, cause, decision, by }) => {
      this.#ceremony.deviation({ what, cause, decision, by });
      return Promise.resolve(empty);
    },
    leave: () => {
      this.#open = undefined;
      this.#changed();
      return Promise.resolve(empty);
    },
    verify: async ({ ceremony }) => {
      await pause(300);
      const lines = [
        'journal: 58 records, every hash follows from the one before',
        'bundle: signed by the root’s signer',
      ];
      if (ceremony !== madeUpId('Tampered Corp Root')) return { ok: true, lines, refusals: [] };
      const refusal = {
        code: 'journal-chain',
        message: 'Record 17 does not follow from record 16.',
        remedy: 'Keep this folder as evidence; do not use what came out of it.',
      };
      return { ok: false, lines: lines.slice(0, 1), refusals: [refusal] };
    },
    artefacts: () =>
      Promise.resolve({
        artefacts: artefacts.map(({ name, kind, title, bytes, sha256, words }) => {
          return { name, kind, title, bytes, sha256, words };
        }),
      }),
    artefact: ({ name }) => {
      const found = artefacts.find((each) => each.name === name);
      if (found === undefined) throw unknown();
      return Promise.resolve(found);
    },
    transcript: () =>
      Promise.resolve({
        title: 'Example Corp Root R1',
        hierarchy: 'example-corp',
        rehearsal: true,
        status: 'finished',
        sections: [
          {
            title: 'The plan',
            facts: [
              { label: 'begun', value: '2026-11-20T09:02:11Z' },
              { label: 'software', value: '0.0.0' },
            ],
          },
        ],
        people: [
          { role: 'administrator', name: 'Ada Administrator' },
          { role: 'officer', name: 'Olga One' },
          { role: 'witness', name: 'Wim Witness' },
        ],
        lines: [
          { at: '2026-11-20T09:04:00Z', act: 1, text: 'Record who is in the room' },
          { at: '2026-11-20T09:04:00Z', act: 1, text: '  administrator: Ada Administrator' },
          { at: '2026-11-20T09:11:00Z', act: 2, text: 'Check the machine: air gap, clock, software' },
          { at: '2026-11-20T09:11:00Z', act: 2, text: '  network: none up' },
        ],
        acts: [
          { number: 1, headline: 'Record who is in the room' },
          { number: 2, headline: 'Check the machine: air gap, clock, software' },
        ],
        records: 58,
        last: { sha256: madeUpHash('journal'), words: [] },
      }),
    media: () =>
      Promise.resolve({
        targets: [
          {
            id: madeUpId('stick'),
            label: 'SAFE-2',
            device: '/dev/sdb1',
            freeBytes: 15_830_000_000,
            totalBytes: 16_000_000_000,
            standIn: false,
          },
        ],
        unmounted: [{ device: '/dev/sdc1', label: 'CAMERA' }],
      }),
    export: async () => {
      await this.#export();
      return receipt;
    },
    eject: () => Promise.resolve({ label: 'SAFE-2' }),
  };
}
