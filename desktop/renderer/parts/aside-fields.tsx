import { useId, type ReactNode } from 'react';
import { asides, type AsideKind, type Filled } from '../asides.ts';
import { text } from '../text.ts';

const longestLine = 500;
const longestWord = 20;

export type Change = (name: keyof Filled, value: string) => void;

interface LineProps {
  readonly label: string;
  readonly value: string;
  readonly maximum: number;
  readonly className: string;
  readonly change: (value: string) => void;
}

function Line({ label, value, maximum, className, change }: LineProps): ReactNode {
  const id = useId();
  return (
    <p>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={className}
        value={value}
        maxLength={maximum}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          change(event.target.value);
        }}
      />
    </p>
  );
}

interface AsideFieldsProps {
  readonly kind: AsideKind;
  readonly filled: Filled;
  readonly change: Change;
  readonly word: string;
  readonly setWord: (word: string) => void;
}

/** What is asked for one of them, and the word that does it. */
export function AsideFields({ kind, filled, change, word, setWord }: AsideFieldsProps): ReactNode {
  const { fields, word: wanted } = asides[kind];
  return (
    <div className="aside-fields">
      {fields.map((name) => (
        <Line
          key={name}
          label={text.aside.fields[name]}
          value={filled[name] ?? ''}
          maximum={longestLine}
          className="entry"
          change={(value) => {
            change(name, value);
          }}
        />
      ))}
      <Line
        label={text.word.label(wanted)}
        value={word}
        maximum={longestWord}
        className="entry entry-word"
        change={setWord}
      />
    </div>
  );
}
