import type { ReactNode } from 'react';
import type { ResponseOf } from '../../contract/methods.ts';
import { Facts, Hashed } from '../parts/facts.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal.tsx';
import { text } from '../text.ts';
import { useReply } from '../use-reply.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';

type Paper = ResponseOf<'transcript'>;

const { transcript: said, home } = text;

/** A line for each person, to be signed on paper. */
function Signatures({ people }: { readonly people: Paper['people'] }): ReactNode {
  if (people.length === 0) return null;
  return (
    <table className="signatures">
      <caption>{said.signatures}</caption>
      <thead>
        <tr>
          <th scope="col">{said.name}</th>
          <th scope="col">{said.signature}</th>
          <th scope="col">{said.date}</th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ role, name }) => (
          <tr key={`${role} ${name}`}>
            <th scope="row">
              {visibleLines(name)}, {role}
            </th>
            <td />
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Lines({ paper: { lines, acts } }: { readonly paper: Paper }): ReactNode {
  return (
    <ol className="paper-acts">
      {acts.map(({ number, headline }) => {
        const own = lines.filter(({ act }) => act === number);
        return (
          <li key={number} value={number}>
            <strong>{visibleLines(headline)}</strong>
            {own.length === 0 ? null : <span className="paper-time"> {own[0]?.at}</span>}
            <ul className="plain-list paper-lines">
              {own.slice(1).map((line, index) => (
                <li key={index}>{visibleLines(line.text.trim())}</li>
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}

function PaperPage({ paper }: { readonly paper: Paper }): ReactNode {
  const { title, hierarchy, rehearsal, status, sections, people, records, last } = paper;
  return (
    <article className="paper">
      <p className="paper-over">
        {text.product} · {hierarchy} · {home.status[status]}
      </p>
      <h2 className="paper-title">{visibleLines(title)}</h2>
      {rehearsal ? <p className="rehearsal">{text.rehearsalBanner}</p> : null}
      {sections.map((section) => (
        <section key={section.title}>
          <h3>{visibleLines(section.title)}</h3>
          <Facts facts={section.facts} />
        </section>
      ))}
      <h3>{said.acts}</h3>
      <Lines paper={paper} />
      <h3>{said.last}</h3>
      <p>
        {said.records(records)}. {said.lastWhy}
      </p>
      <Hashed sha256={last.sha256} label={said.last} />
      <Signatures people={people} />
    </article>
  );
}

/** The transcript as a document: prints well, and becomes a PDF by the same button. */
export function Transcript({ ceremony }: { readonly ceremony: string }): ReactNode {
  const reply = useReply('transcript', { ceremony }, ceremony);
  return (
    <Page
      title={said.title}
      actions={
        <button
          type="button"
          className="primary"
          onClick={() => {
            print();
          }}
        >
          {said.print}
        </button>
      }
    >
      {reply === undefined ? <p>{text.busy}</p> : null}
      {reply?.ok === false ? <RefusalBox refusal={reply.refusal} /> : null}
      {reply?.ok === true ? <PaperPage paper={reply.response} /> : null}
    </Page>
  );
}
