import { CodedError, type Refusal } from '../../core/ports/coded-error.ts';

/** What the window itself refuses, in one table. */
const refusals = {
  'window-none': ['No ceremony is open in this window.', 'Choose one from the list.'],
  'window-open': ['A ceremony is open in this window already.', 'Leave it first: it can be resumed.'],
  'window-busy': ['Another request is still being done.', 'Wait for it.'],
  'answer-stale': ['That is not what is asked now.', 'Read what is asked now and answer that.'],
  'answer-busy': ['An answer is still being written down.', 'Wait for it.'],
  'answer-secret': ['A PIN is never an answer.', 'Enter it where the PIN is asked for.'],
  'act-at-work': ['An act is being done and is never cut short.', 'Wait until it is finished.'],
  'word-wrong': ['That is not the word.', 'Type the word that is shown, exactly, in capitals.'],
  'retry-nothing': ['No act has failed.', 'Answer what is asked.'],
  'secret-malformed': ['The entry did not arrive whole.', 'Enter it again.'],
  'media-gone': ['That medium is not in any more.', 'Look at the list again.'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

/** One of them, to be thrown. */
export function refusal(code: keyof typeof refusals): CodedError {
  const [message, remedy] = refusals[code];
  return new CodedError({ code, message, remedy });
}

/** Throws what the ceremony refused. */
export function orThrow(outcome: Refusal | undefined): void {
  if (outcome !== undefined) throw new CodedError(outcome);
}
