import { useEffect, useRef, type ReactNode } from 'react';
import type { ActLine, CeremonyView } from '../../../core/ceremony/view.ts';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';

const marks: Readonly<Record<ActLine['status'], string>> = { done: '✓', current: '▶', waiting: '·' };

/** The acts, with what is done, what happens now and what is to come: by mark and word, not by colour alone. */
export function ActList({ acts }: { readonly acts: readonly ActLine[] }): ReactNode {
  const current = useRef<HTMLLIElement>(null);
  const at = acts.find(({ status }) => status === 'current')?.number;
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <ol className="acts">
      {acts.map(({ number, headline, status }) => (
        <li
          key={number}
          ref={status === 'current' ? current : null}
          className={`acts-${status}`}
          aria-current={status === 'current' ? 'step' : undefined}
        >
          <span className="acts-mark" aria-hidden="true">
            {marks[status]}
          </span>
          <span className="acts-number">{number}</span>
          <span>
            {visibleLines(headline)} <span className="acts-status">{text.marks[status]}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Who must be in the room, and who is. */
function People({ view: { roles, people } }: { readonly view: CeremonyView }): ReactNode {
  return (
    <dl className="people">
      {roles.map(({ role, needed }) => {
        const names = people.filter((person) => person.role === role).map(({ name }) => visibleLines(name));
        return (
          <div key={role}>
            <dt>
              {role} <span className="small">({needed})</span>
            </dt>
            <dd>{names.length === 0 ? '–' : names.join(', ')}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** What did not go as planned: always in sight, with the whole of it in the transcript. */
function Deviations({ view: { deviations } }: { readonly view: CeremonyView }): ReactNode {
  if (deviations.length === 0) return null;
  return (
    <details className="deviations">
      <summary>{text.deviations.title(deviations.length)}</summary>
      <ul className="plain-list">
        {deviations.map(({ act, what, at }) => (
          <li key={`${at} ${what}`}>{visibleLines(text.deviations.line(act, what))}</li>
        ))}
      </ul>
    </details>
  );
}

/** What was done, as the transcript will say it; the newest is in sight. */
function Transcript({ lines }: { readonly lines: CeremonyView['transcript'] }): ReactNode {
  const end = useRef<HTMLLIElement>(null);
  const { length } = lines;
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [length]);
  if (length === 0) return <p className="small">{text.nothingYet}</p>;
  return (
    <ol className="transcript">
      {lines.map((line, index) => (
        <li
          key={index}
          ref={index === length - 1 ? end : null}
          className={line.text.startsWith(' ') ? 'transcript-fact' : 'transcript-act'}
        >
          {line.text.startsWith(' ') ? null : <span className="transcript-time">{line.at.slice(11, 19)} </span>}
          {visibleLines(line.text.trim())}
        </li>
      ))}
    </ol>
  );
}

/** What stands beside every scene: where the ceremony is, who is here, and what was done so far. */
export function Panes({ view }: { readonly view: CeremonyView }): ReactNode {
  return (
    <aside className="panes" aria-label={text.panes.acts}>
      <section className="pane" aria-labelledby="pane-acts">
        <h2 id="pane-acts">{text.panes.acts}</h2>
        <div className="pane-scroll" tabIndex={0} role="group" aria-labelledby="pane-acts">
          <ActList acts={view.acts} />
        </div>
      </section>
      <section className="pane pane-fixed" aria-labelledby="pane-people">
        <h2 id="pane-people">{text.panes.people}</h2>
        <People view={view} />
        <Deviations view={view} />
      </section>
      <section className="pane" aria-labelledby="pane-transcript">
        <h2 id="pane-transcript">{text.panes.transcript}</h2>
        <div className="pane-scroll" tabIndex={0} role="log" aria-labelledby="pane-transcript">
          <Transcript lines={view.transcript} />
        </div>
      </section>
    </aside>
  );
}
