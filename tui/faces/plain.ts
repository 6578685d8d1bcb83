import { formatRefusal, type Refusal } from '../../core/ports/coded-error.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { Fact, Prompt } from '../../core/ceremony/prompt.ts';
import type { Ceremony } from '../../core/ceremony/run.ts';
import type { SessionScript } from '../../core/ceremony/session.ts';
import { playScript } from '../../core/ceremony/scripted.ts';
import { visible } from '../../core/ceremony/visible.ts';
import { view } from '../../core/ceremony/view.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Output } from '../cli/program.ts';

function factLines(facts: readonly Fact[], indent: string): string[] {
  return facts.flatMap(({ label, value, style }) => {
    const [first = '', ...rest] = value.split('\n');
    const mark = style === 'warning' ? '! ' : '';
    const pad = ' '.repeat(label.length + 2);
    return [`${indent}${mark}${visible(label)}: ${first}`, ...rest.map((line) => `${indent}${pad}${line}`)];
  });
}

/** The opening of every log: what is held, under which plan, where. */
function openingLines(ceremony: Ceremony): readonly string[] {
  const shown = view(ceremony.state);
  return [
    `${visible(shown.title)} (${shown.hierarchy})${shown.rehearsal ? '  REHEARSAL' : ''}`,
    `plan SHA-256 ${shown.planHash}`,
    ...shown.planWords.map((row) => `  ${row}`),
    ...(shown.follows === undefined ? [] : [`goes on from ${shown.follows}`]),
    ...Object.entries(ceremony.state.beginning.tokens).map(
      ([name, { serial, label, model }]) => `token ${name}: ${label}, ${model}, serial ${serial}`,
    ),
  ];
}

/** A log of a ceremony: one block for each act, plain text, no colour, no cursor movement. */
class PlainLog {
  readonly #output: Output;
  readonly #ceremony: Ceremony;
  #announced = -1;
  #finished = 0;
  #shown = '';

  constructor(ceremony: Ceremony, output: Output) {
    this.#output = output;
    this.#ceremony = ceremony;
    this.#finished = ceremony.state.completed.length;
  }

  /** Prints what has happened since the last call. */
  update(): void {
    const { state } = this.#ceremony;
    for (; this.#finished < state.completed.length; this.#finished += 1) {
      const done = state.completed[this.#finished];
      if (done === undefined) continue;
      this.#announce(this.#finished, done.headline);
      for (const line of factLines(done.summary, '      ')) this.#output.line(line);
      this.#output.line(`      done ${formatUtc(done.at)}`);
    }
    const { current } = view(state);
    if (current !== undefined) this.#announce(current.number - 1, current.headline);
  }

  #announce(index: number, headline: string): void {
    if (index <= this.#announced) return;
    this.#announced = index;
    const total = this.#ceremony.state.beginning.plan.acts.length;
    this.#output.line(`[${String(index + 1).padStart(2)}/${total}] ${visible(headline)}`);
  }

  answering({ by, say, show }: Prompt, shown: string): void {
    this.update();
    // Two roles confirm the same facts one after the other: a log says them once.
    const text = factLines(show ?? [], '      ').join('\n');
    if (text !== '' && text !== this.#shown) this.#output.line(text);
    this.#shown = text;
    this.#output.line(`      ${by}: ${say}`);
    this.#output.line(`      > ${shown}`);
  }

  failure(refusal: Refusal): void {
    this.#output.note(`      FAILED: ${formatRefusal(refusal)}`);
  }
}

/** Plays a ceremony unattended and logs it; the exit status says how it ended. No terminal is needed. */
export async function holdPlain(ceremony: Ceremony, script: SessionScript, output: Output): Promise<number> {
  for (const line of openingLines(ceremony)) output.line(line);
  const log = new PlainLog(ceremony, output);
  const stop = ceremony.subscribe(() => {
    log.update();
  });
  try {
    const end = await playScript(ceremony, script.answers, {
      readPin: (token, officer) => script.readPin(token, officer),
      ...(script.shares === undefined ? {} : { shares: script.shares }),
      answering: (prompt, shown) => {
        log.answering(prompt, shown);
        return Promise.resolve();
      },
    });
    log.update();
    if (end.kind === 'failed') {
      log.failure(end.failure);
      return exitCodes.actFailed;
    }
    return end.kind === 'finished' ? exitCodes.done : exitCodes.aborted;
  } finally {
    stop();
  }
}
