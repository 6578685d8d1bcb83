import type { ReactNode } from 'react';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { text } from '../text.ts';
import { ChoiceEntry } from './choice-entry.tsx';
import type { EntryProps } from './entry.ts';
import { NamesEntry } from './names-entry.tsx';
import { PersonEntry } from './person-entry.tsx';
import { handsOut } from './shares.ts';
import { PinEntry } from './pin-entry.tsx';
import { TextEntry } from './text-entry.tsx';
import { WordEntry } from './word-entry.tsx';

type Entries = { readonly [K in Prompt['kind']]: (props: EntryProps<Extract<Prompt, { kind: K }>>) => ReactNode };

/** One entry for each kind of question. Acts choose among these; no act has an entry of its own. */
const entries: Entries = {
  word: ({ prompt, unread, answer }) => (
    <WordEntry
      who={text.mustAct(prompt.by)}
      say={prompt.say}
      word={prompt.word}
      unread={unread}
      enter={(word) => answer(word)}
    />
  ),
  text: TextEntry,
  person: PersonEntry,
  names: NamesEntry,
  secret: PinEntry,
  choice: ChoiceEntry,
};

/** The entry for whatever is asked. */
export function PromptEntry(props: EntryProps<Prompt>): ReactNode {
  const Entry = entries[props.prompt.kind] as ((props: EntryProps<Prompt>) => ReactNode) | undefined;
  if (handsOut(props.prompt)) {
    return (
      <section className="area">
        <p className="area-refused">{text.handOut}</p>
      </section>
    );
  }
  return Entry === undefined ? <p className="area-refused">{text.unknownPrompt}</p> : <Entry {...props} />;
}
