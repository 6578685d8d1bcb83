import { useEffect, useRef, type ReactNode } from 'react';
import type { ResponseOf } from '../../contract/methods.ts';
import { foreseen } from '../../../core/ceremony/foreseen.ts';
import { Facts } from '../parts/facts.tsx';
import { Refusals } from '../parts/refusal.tsx';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';

export type Checked = ResponseOf<'check'>;

const { check, opening } = text;

function Passed({ checked }: { readonly checked: Extract<Checked, { passed: true }> }): ReactNode {
  const { tokens, forecast } = checked;
  return (
    <>
      <p>
        {check.passedWhy} {check.beginWhy}
      </p>
      <Facts facts={tokens.map((token) => ({ label: opening.token(token.name), value: opening.tokenIs(token) }))} />
      <h3>{check.foreseen}</h3>
      <p>{check.forecast}</p>
      <ol className="forecast">
        {forecast.map(({ headline, facts }, index) => (
          <li key={index}>
            <strong>{visibleLines(headline)}</strong>
            <Facts facts={foreseen(facts)} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** What the preflight found. */
export function CheckResult({ checked }: { readonly checked: Checked }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'start' });
  }, [checked]);
  const { passed } = checked;
  return (
    <section className={passed ? 'result result-passed' : 'result result-failed'}>
      <h2 ref={heading} tabIndex={-1}>
        <span className="mark" aria-hidden="true">
          {passed ? '✓' : '✕'}
        </span>{' '}
        {passed ? check.passed : check.failed(checked.refusals.length)}
      </h2>
      {passed ? (
        <Passed checked={checked} />
      ) : (
        <>
          <p>{check.failedWhy}</p>
          <Refusals refusals={checked.refusals} />
        </>
      )}
    </section>
  );
}
