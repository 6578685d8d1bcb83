import { pinNames } from './pin-choice.ts';
import type { Prompt } from './prompt.ts';

/** Which PIN is asked for: a token that is made ready for use gets two, each entered twice, and nobody may have to guess. */
export interface SecretName {
  readonly name: string;
  /** It repeats the entry before. */
  readonly again: boolean;
}

export function secretName({ officer, chosen }: Extract<Prompt, { kind: 'secret' }>): SecretName {
  const name = officer === true ? pinNames.so : chosen === undefined ? 'PIN' : pinNames.user;
  return { name: chosen === undefined ? name : `new ${name}`, again: chosen?.again === true };
}
