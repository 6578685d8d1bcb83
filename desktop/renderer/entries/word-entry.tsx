import { useId, useState, type ReactNode } from 'react';
import { text } from '../text.ts';
import { Frame } from './frame.tsx';
import { useAnswer, type Enter } from './use-answer.ts';

const longestWord = 40;

interface WordEntryProps {
  readonly who: string;
  readonly say?: string;
  /** The word that is accepted, exactly as it is here. */
  readonly word: string;
  readonly label?: string;
  readonly button?: string;
  readonly unread?: boolean;
  readonly beside?: ReactNode;
  readonly enter: Enter<string>;
}

/** Takes one word, typed in full. Anything else is refused and says so. */
export function WordEntry(props: WordEntryProps): ReactNode {
  const { word, unread = false, enter } = props;
  const id = useId();
  const [typed, setTyped] = useState('');
  const answer = useAnswer(unread);
  const submit = (): void => {
    if (typed === word) answer.give(() => enter(typed));
    else {
      answer.refuse(typed === '' ? text.word.nothing(word) : text.word.notAccepted(typed, word));
      setTyped('');
    }
  };
  return (
    <Frame
      who={props.who}
      {...(props.say === undefined ? {} : { say: props.say })}
      button={props.button ?? text.word.button(word)}
      message={answer.message}
      busy={answer.busy}
      unread={unread}
      submit={submit}
      beside={props.beside}
    >
      <label htmlFor={id}>{props.label ?? text.word.label(word)}</label>
      <input
        id={id}
        className="entry entry-word"
        value={typed}
        maxLength={longestWord}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        autoFocus
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
    </Frame>
  );
}
