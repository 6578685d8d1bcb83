import type { ReactNode } from 'react';
import type { Fact } from '../../../core/ceremony/prompt.ts';
import { hexGroups, wordRows } from '../../../core/ceremony/words.ts';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { Hash, Words } from './words.tsx';

function Value({ fact: { label, value, style } }: { readonly fact: Fact }): ReactNode {
  const shown = visibleLines(value);
  if (style === 'words') return <Words rows={shown.split('\n')} label={text.readAloud(label)} />;
  if (style === 'hash') return <Hash value={shown} />;
  return shown;
}

function labelOf({ label, style }: Fact): ReactNode {
  const shown = visibleLines(label);
  if (style === 'warning') {
    return (
      <>
        <span className="mark" aria-hidden="true">
          !
        </span>{' '}
        {text.warning}: {shown}
      </>
    );
  }
  return style === 'words' ? text.readAloud(shown) : shown;
}

/** Facts as they are read and compared. What must be noticed stands out by a mark and a word, not by colour alone. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map((fact, index) => (
        <div key={`${index}-${fact.label}`} className={`fact fact-${fact.style ?? 'plain'}`}>
          <dt>{labelOf(fact)}</dt>
          <dd>
            <Value fact={fact} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A SHA-256 twice: as hex to compare, as words to read aloud. */
export function Hashed({ sha256, label }: { readonly sha256: string; readonly label: string }): ReactNode {
  return (
    <div className="hashed">
      <p className="hashed-hex">
        <Hash value={hexGroups(sha256)} />
      </p>
      <Words rows={wordRows(sha256)} label={text.readAloud(label)} />
    </div>
  );
}
