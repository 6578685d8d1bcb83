import path from 'node:path';
import { CodedError, formatRefusal, type Refusal } from '../../core/ports/coded-error.ts';
import { parseAnswers, type Answers } from '../../core/ceremony/answers.ts';
import type { Forecast } from '../../core/ceremony/dry-run.ts';
import type { Ceremony } from '../../core/ceremony/run.ts';
import type { SessionScript } from '../../core/ceremony/session.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import { readPinFile, readShareFile } from '../../core/node/pin-file.ts';
import { keepShareFile, readShareOfSet } from '../../core/node/share-files.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import { refusalsError } from '../../core/node/workspace.ts';
import type { Output, Places, Program } from '../cli/program.ts';
import { holdPlain } from '../faces/plain.ts';

function shareFile(answers: Answers, key: 'shares' | 'new-shares', token: string, number: number): string {
  const named = answers[key][token]?.[number - 1]?.file;
  if (named !== undefined) return named;
  throw new CodedError({
    code: 'answers-share-missing',
    message: `The answers file names no file for share ${number} of the token "${token}".`,
    remedy: `Add it: ${key}: { ${token}: [{ file: path }, …] }, one for each share.`,
  });
}

/** Reads an answers file; its PIN files are read when they are needed, not before. */
export async function loadScript(file: string): Promise<SessionScript> {
  const parsed = parseAnswers(await readTextFile(file), file);
  if (!parsed.ok) throw refusalsError(parsed.refusals);
  const answers = parsed.value;
  const beside = (name: string): string => path.resolve(path.dirname(path.resolve(file)), name);
  return {
    answers,
    readPin: async (token, officer) => {
      const list = officer === true ? 'so-pins' : 'pins';
      const pin = answers[list][token];
      if (pin === undefined) {
        throw new CodedError({
          code: 'answers-pin-missing',
          message: `The answers file names no ${officer === true ? 'SO PIN' : 'PIN'} file for the token "${token}".`,
          remedy: `Add it: ${list}: { ${token}: { file: path } }.`,
        });
      }
      return readPinFile(beside(pin.file));
    },
    shares: {
      read: (token, number, set) =>
        set === undefined
          ? readShareFile(beside(shareFile(answers, 'shares', token, number)))
          : readShareOfSet(beside(shareFile(answers, 'new-shares', token, number)), set, nodeDigest),
      keep: (token, number, share) => keepShareFile(beside(shareFile(answers, 'new-shares', token, number)), share),
    },
  };
}

/** Prints refusals, one a line. */
export function printRefusals(refusals: readonly Refusal[], output: Output): void {
  for (const refusal of refusals) output.note(formatRefusal(refusal));
}

/** Refuses to begin what nobody could be asked about: a ceremony that has begun must be resumed. */
export function requireFace(script: SessionScript | undefined, { interactive }: Program): void {
  if (script !== undefined || interactive) return;
  throw new CodedError({
    code: 'no-terminal',
    message: 'There is no terminal to ask anybody at.',
    remedy: 'Start it in a terminal, or give an answers file with --answers.',
  });
}

/** Holds a ceremony with the face that fits: the screen for people, or for watching a script; else the plain log. */
export async function hold(
  ceremony: Ceremony,
  forecast: readonly Forecast[],
  script: SessionScript | undefined,
  plain: boolean,
  program: Program,
  places: Places,
): Promise<number> {
  if (script !== undefined && (plain || !program.output.isTerminal)) {
    return holdPlain(ceremony, script, program.output);
  }
  return program.screen({ ceremony, forecast, places, ...(script === undefined ? {} : { script }) });
}

/** Where a ceremony's files are, for the screen to say. */
export function placesOf(directory: string, output: string): Places {
  return { journal: path.join(directory, 'journal.db'), output };
}

/** Said while a resume waits for the HSM. */
export function waitingLine(output: Output): () => void {
  return () => output.note('The HSM is still finishing what the interrupted run asked of it: waiting for that.');
}

/** Last lines of a run: what was made and where. */
export function printEnd(ceremony: Ceremony, directory: string, output: Output): void {
  const { state } = ceremony;
  if (state.status === 'finished') {
    const { bundle } = state;
    output.line(`finished: ${state.completed.length} acts, journal ${path.join(directory, 'journal.db')}`);
    if (bundle !== undefined) output.line(`bundle: ${bundle.file}, epoch ${bundle.epoch}, SHA-256 ${bundle.sha256}`);
    return;
  }
  output.note(
    state.status === 'aborted'
      ? `stopped: what was made stays on the token and in ${directory}`
      : `not finished: resume with: coldroot ceremony resume ${directory}`,
  );
}
