import type { ReactNode } from 'react';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { text } from '../text.ts';
import type { EntryProps } from './entry.ts';
import { LineEntry } from './text-entry.tsx';

const longestName = 100;

/** One person types their own name: nobody is picked from a list by somebody else. */
export function PersonEntry(props: EntryProps<Extract<Prompt, { kind: 'person' }>>): ReactNode {
  const { label, button } = props.prompt.another === true ? text.person.another : text.person;
  return <LineEntry {...props} say={props.prompt.say} {...{ label, button }} maximum={longestName} />;
}
