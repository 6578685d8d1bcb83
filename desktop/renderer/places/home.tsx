import { useState, type ReactNode } from 'react';
import type { ResponseOf } from '../../contract/methods.ts';
import { text } from '../text.ts';
import { Page } from '../parts/page.tsx';
import { RefusalBox, Refusals } from '../parts/refusal.tsx';
import { useGo } from '../place.ts';
import { useReply } from '../use-reply.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { PastCeremony } from './past-ceremony.tsx';

type PlanLine = ResponseOf<'list'>['plans'][number];

const { home } = text;

function PlanCard({ plan }: { readonly plan: PlanLine }): ReactNode {
  const go = useGo();
  if (!plan.readable) {
    return (
      <li className="card">
        <h3>{visibleLines(plan.file)}</h3>
        <p>{home.unreadable}</p>
        <Refusals refusals={plan.refusals} />
      </li>
    );
  }
  const { id, title, file, hierarchy, acts, previous } = plan;
  return (
    <li className="card card-row">
      <div>
        <h3>{visibleLines(title)}</h3>
        <p className="small">
          {visibleLines(file)} · {hierarchy} · {home.acts(acts)}
          {previous === 'required' ? ` · ${home.continues}` : ''}
        </p>
      </div>
      <button
        type="button"
        className="primary"
        aria-label={home.choose(title)}
        onClick={() => {
          go({ at: 'check', plan: id });
        }}
      >
        {home.chooseShort}
      </button>
    </li>
  );
}

/** Plans to hold, and ceremonies that were held. */
export function Home(): ReactNode {
  const [asked, setAsked] = useState(0);
  const reply = useReply('list', {}, `${asked}`);
  if (reply === undefined) return <p className="waiting">{text.busy}</p>;
  if (!reply.ok) return <RefusalBox refusal={reply.refusal} />;
  const { plans, ceremonies } = reply.response;
  const again = (): void => {
    setAsked(asked + 1);
  };
  return (
    <Page title={home.title} home>
      <section aria-labelledby="plans">
        <h2 id="plans">{home.plans}</h2>
        <p>{plans.length === 0 ? home.noPlans : home.plansWhy}</p>
        <ul className="cards">
          {plans.map((plan) => (
            <PlanCard key={plan.id} plan={plan} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="past">
        <h2 id="past">{home.past}</h2>
        <p>{ceremonies.length === 0 ? home.noPast : home.pastWhy}</p>
        <ul className="cards">
          {ceremonies.map((line) => (
            <PastCeremony key={line.id} line={line} again={again} />
          ))}
        </ul>
      </section>
    </Page>
  );
}
