import type { Prompt } from '../../../core/ceremony/prompt.ts';
import type { Enter } from './use-answer.ts';

/** What every entry gets: the question, and the two ways an answer can leave the page. */
export interface EntryProps<P extends Prompt> {
  readonly prompt: P;
  readonly unread: boolean;
  readonly answer: Enter<string | readonly string[]>;
  /** For secrets alone; `bytes` are zeros afterwards. */
  readonly secret: Enter<Uint8Array>;
}
