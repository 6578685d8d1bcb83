import { isCoded, type CodedError, type Refusal } from '../ports/coded-error.ts';
import { formatUtc } from '../profile/dates.ts';
import { scriptedAnswer, type Answers } from './answers.ts';
import { ceremonyError } from './ceremony-error.ts';
import type { Prompt } from './prompt.ts';
import type { Ceremony } from './run.ts';

/** How a ceremony that nobody sits at ended. */
export type ScriptedEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly failure: Refusal };

/** Shares of PINs, by token and number. */
export interface ShareKeeper {
  /** A share given out before; of this set, where one is named. */
  read(token: string, number: number, set?: string): Promise<string>;
  /** Keeps a share that is handed out, beside those handed out before: which of them opens the token is not yet certain. */
  keep(token: string, number: number, share: string): Promise<void>;
}

function noShares(): CodedError {
  return ceremonyError(
    'answers-share-missing',
    'The answers file does not say where shares are kept.',
    'Name a file for each, under shares; or hold this ceremony at the terminal.',
  );
}

/** What the script's stage hands do: fetch PINs, and be told what is answered. */
export interface ScriptedHands {
  /** The PIN of a token's user, or of its security officer. */
  readPin(token: string, officer?: true): Promise<string>;
  /** Where a script keeps the shares that officers would write on paper; absent where it keeps none. */
  readonly shares?: ShareKeeper;
  /** Called before an answer is given, with what may be shown of it. */
  answering(prompt: Prompt, shown: string): Promise<void>;
}

function recordName(ceremony: Ceremony): string | undefined {
  const { beginning, index } = ceremony.state;
  const act = beginning.plan.acts[index] as { readonly do: string; readonly name?: string } | undefined;
  return act?.do === 'record' ? act.name : undefined;
}

/** What a watch would show that is as right as this machine: where people compare the two. */
function machineTime({ state: { beginning, index, at } }: Ceremony): string | undefined {
  if (beginning.plan.acts[index]?.do !== 'confirm-clock') return undefined;
  return formatUtc(at).replace('T', ' ').slice(0, 16);
}

/** What the answers file says to a prompt of the act that is on. */
export function scriptedReply(
  ceremony: Ceremony,
  prompt: Exclude<Prompt, { kind: 'secret' }>,
  answers: Answers,
): string | readonly string[] {
  return scriptedAnswer(prompt, answers, recordName(ceremony), machineTime(ceremony));
}

async function answerOne(
  ceremony: Ceremony,
  prompt: Prompt,
  answers: Answers,
  hands: ScriptedHands,
): Promise<Refusal | undefined> {
  if (prompt.kind === 'secret') {
    const { token, share, officer } = prompt;
    if (share !== undefined && hands.shares === undefined) throw noShares();
    const pin = await (share === undefined
      ? hands.readPin(token, officer)
      : hands.shares?.read(token, share.number, share.set));
    if (pin === undefined) throw noShares();
    await hands.answering(prompt, share === undefined ? '(PIN entered)' : '(share entered)');
    return ceremony.secret(prompt.id, pin);
  }
  if (prompt.kind === 'word' && prompt.handOut !== undefined) {
    const { token, number } = prompt.handOut;
    const share = ceremony.handOut(prompt.id);
    if (hands.shares === undefined) throw noShares();
    if (share !== undefined) await hands.shares.keep(token, number, share);
  }
  const value = scriptedReply(ceremony, prompt, answers);
  await hands.answering(prompt, typeof value === 'string' ? value : value.join(', '));
  return ceremony.answer(prompt.id, value);
}

/**
 * Plays a ceremony from an answers file to its end, through the same prompts people would see. An act that fails ends
 * it: a script does not try again what people should look at.
 */
export async function playScript(ceremony: Ceremony, answers: Answers, hands: ScriptedHands): Promise<ScriptedEnd> {
  for (;;) {
    const next = await ceremony.advance();
    if (next.kind === 'over') return { kind: ceremony.state.status === 'finished' ? 'finished' : 'aborted' };
    if (next.kind === 'failed') return { kind: 'failed', failure: next.failure };
    if (next.kind !== 'ask' && next.kind !== 'reopen') continue;
    try {
      const refusal = await answerOne(ceremony, next.prompt, answers, hands);
      if (refusal !== undefined) return { kind: 'failed', failure: refusal };
    } catch (error) {
      if (!isCoded(error)) throw error;
      return { kind: 'failed', failure: error };
    }
  }
}
