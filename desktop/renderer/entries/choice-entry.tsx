import { useId, useState, type ReactNode } from 'react';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { text, wordOfChoice } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import type { EntryProps } from './entry.ts';
import { Frame } from './frame.tsx';
import { useAnswer } from './use-answer.ts';

type ChoicePrompt = Extract<Prompt, { kind: 'choice' }>;

interface ChoicesProps {
  readonly choices: ChoicePrompt['choices'];
  readonly chosen: string | undefined;
  readonly choose: (value: string) => void;
}

function Choices({ choices, chosen, choose }: ChoicesProps): ReactNode {
  const name = useId();
  return (
    <fieldset className="choices">
      <legend>{text.choice.legend}</legend>
      {choices.map(({ value, label }, index) => (
        <label key={value} className="choice">
          <input
            type="radio"
            name={name}
            value={value}
            checked={chosen === value}
            onChange={() => {
              choose(value);
            }}
            autoFocus={index === 0}
          />
          <span>{visibleLines(label)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Takes one of several choices, and a typed word on top where it cannot be undone. */
export function ChoiceEntry({ prompt, unread, answer: enter }: EntryProps<ChoicePrompt>): ReactNode {
  const id = useId();
  const [chosen, setChosen] = useState<string | undefined>();
  const [typed, setTyped] = useState('');
  const answer = useAnswer(unread);
  const word = chosen === undefined ? undefined : wordOfChoice[chosen];
  const submit = (): void => {
    if (chosen === undefined) answer.refuse(text.choice.nothing);
    else if (word !== undefined && typed !== word) {
      answer.refuse(typed === '' ? text.word.nothing(word) : text.word.notAccepted(typed, word));
    } else answer.give(() => enter(chosen));
  };
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      say={prompt.say}
      button={text.choice.button}
      {...{ unread, submit }}
      message={answer.message}
      busy={answer.busy}
    >
      <Choices
        choices={prompt.choices}
        chosen={chosen}
        choose={(value) => {
          setChosen(value);
          setTyped('');
        }}
      />
      {word === undefined ? null : (
        <>
          <label htmlFor={id}>{text.choice.word(word)}</label>
          <input
            id={id}
            className="entry entry-word"
            value={typed}
            maxLength={40}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
            autoComplete="off"
            spellCheck={false}
          />
        </>
      )}
    </Frame>
  );
}
