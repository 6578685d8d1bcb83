import { useId, useState, type ReactNode } from 'react';
import { answerFault, type Prompt } from '../../../core/ceremony/prompt.ts';
import { text } from '../text.ts';
import type { EntryProps } from './entry.ts';
import { Frame } from './frame.tsx';
import { useAnswer } from './use-answer.ts';

interface LineEntryProps extends Omit<EntryProps<Prompt>, 'secret'> {
  readonly say?: string;
  readonly label: string;
  readonly button: string;
  readonly maximum: number;
  /** What it must look like, for people. */
  readonly like?: string;
}

/** Takes a line of text, and says before sending it what it must look like. */
export function LineEntry(props: LineEntryProps): ReactNode {
  const { prompt, unread, answer: enter, say, label, button, maximum, like } = props;
  const id = useId();
  const [typed, setTyped] = useState('');
  const answer = useAnswer(unread);
  const submit = (): void => {
    const fault = answerFault(prompt, typed);
    if (fault !== undefined) answer.refuse(text.refused(fault));
    else answer.give(() => enter(typed));
  };
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      {...(say === undefined ? {} : { say })}
      {...{ button, unread, submit }}
      message={answer.message}
      busy={answer.busy}
    >
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="entry"
        value={typed}
        maxLength={maximum}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        autoFocus
        autoComplete="off"
        spellCheck={false}
      />
      <p id={`${id}-hint`} className="small">
        {like === undefined ? null : (
          <>
            {text.mustLookLike} <code>{like}</code>
          </>
        )}
      </p>
    </Frame>
  );
}

export function TextEntry(props: EntryProps<Extract<Prompt, { kind: 'text' }>>): ReactNode {
  const { say, maximum, pattern, like = pattern } = props.prompt;
  const shape = like === undefined ? {} : { like };
  return <LineEntry {...props} label={say} button={text.textEntry.button} maximum={maximum} {...shape} />;
}
