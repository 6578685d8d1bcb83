import { useId, useRef, useState, type ReactNode } from 'react';
import { answerFault, type Prompt } from '../../../core/ceremony/prompt.ts';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import type { EntryProps } from './entry.ts';
import { Frame } from './frame.tsx';
import { useAnswer } from './use-answer.ts';

type NamesPrompt = Extract<Prompt, { kind: 'names' }>;

const longestName = 100;

/** Why a name cannot join those before it, or undefined. */
function nameFault(prompt: NamesPrompt, names: readonly string[], name: string): string | undefined {
  if (names.length >= prompt.maximum) return text.names.full;
  const fault = answerFault({ ...prompt, minimum: 0 }, [...names, name]);
  return fault === undefined ? undefined : text.refused(fault);
}

interface NamedProps {
  readonly names: readonly string[];
  readonly remove: (name: string) => void;
}

function Named({ names, remove }: NamedProps): ReactNode {
  return (
    <ol className="named" aria-label={text.names.soFar(names.length)}>
      {names.map((name) => (
        <li key={name}>
          <strong>{visibleLines(name)}</strong>
          <button
            type="button"
            className="quiet"
            aria-label={text.names.remove(name)}
            onClick={() => {
              remove(name);
            }}
          >
            {text.names.removeShort}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Takes names, one at a time; Enter on the empty line, or the button, when everybody is named. */
export function NamesEntry({ prompt, unread, answer: enter }: EntryProps<NamesPrompt>): ReactNode {
  const id = useId();
  const line = useRef<HTMLInputElement>(null);
  const [names, setNames] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const answer = useAnswer(unread);
  const { minimum, maximum, role } = prompt;
  const add = (): void => {
    const fault = nameFault(prompt, names, typed.trim());
    answer.refuse(fault ?? '');
    if (fault === undefined) {
      setNames([...names, typed.trim()]);
      setTyped('');
    }
    line.current?.focus();
  };
  const submit = (): void => {
    if (typed.trim() !== '') add();
    else if (names.length < minimum) answer.refuse(text.names.tooFew(names.length, minimum));
    else answer.give(() => enter(names));
  };
  const remove = (name: string): void => {
    setNames(names.filter((each) => each !== name));
    line.current?.focus();
  };
  const ready = typed.trim() === '' && names.length >= minimum;
  const finished = names.length === 0 ? text.names.none : text.names.button(names.length);
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      say={`${prompt.say} (${text.names.wanted(minimum, maximum)})`}
      button={ready ? finished : text.names.add}
      {...{ unread, submit }}
      message={answer.message}
      busy={answer.busy}
    >
      <label htmlFor={id}>{text.names.label(role)}</label>
      <input
        ref={line}
        id={id}
        className="entry"
        value={typed}
        maxLength={longestName}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        autoFocus
        autoComplete="off"
        spellCheck={false}
      />
      <Named names={names} remove={remove} />
    </Frame>
  );
}
