import { useState, type ReactNode } from 'react';
import type { ResponseOf } from '../../contract/methods.ts';
import { Facts, Hashed } from '../parts/facts.tsx';
import { text } from '../text.ts';
import { useReply } from '../use-reply.ts';

type Plan = Extract<ResponseOf<'list'>['plans'][number], { readable: true }>;

const { check, opening } = text;

function PlanText({ plan }: { readonly plan: string }): ReactNode {
  const reply = useReply('plan', { plan }, plan);
  if (reply?.ok !== true) return null;
  return (
    <pre className="listing" tabIndex={0}>
      {reply.response.text}
    </pre>
  );
}

/** The plan by its hash, in words to be read aloud, and its own text. */
export function PlanFacts({ plan }: { readonly plan: Plan }): ReactNode {
  const [open, setOpen] = useState(false);
  const { id, file, hierarchy, acts, sha256 } = plan;
  return (
    <>
      <Facts
        facts={[
          { label: check.file, value: file },
          { label: check.hierarchy, value: hierarchy },
          { label: check.acts, value: `${acts}` },
        ]}
      />
      <h2>{opening.hashTitle}</h2>
      <p>{opening.hash}</p>
      <Hashed sha256={sha256} label={opening.hashTitle} />
      <details
        onToggle={(event) => {
          setOpen(event.currentTarget.open);
        }}
      >
        <summary>{check.text}</summary>
        {open ? <PlanText plan={id} /> : null}
      </details>
    </>
  );
}
