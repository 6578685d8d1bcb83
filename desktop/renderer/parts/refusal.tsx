import type { ReactNode } from 'react';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { whereText } from './where.ts';

/** What was refused, and what to do about it. */
export function RefusalBox({ refusal, act }: { readonly refusal: Refusal; readonly act?: number }): ReactNode {
  const { message, remedy, code, where } = refusal;
  const place = [act === undefined ? '' : text.check.atAct(act), where === undefined ? '' : whereText(where)]
    .filter((part) => part !== '')
    .join(', ');
  return (
    <div className="refusal">
      <p className="refusal-message">
        <span className="mark" aria-hidden="true">
          ✕
        </span>{' '}
        {visibleLines(message)}
      </p>
      <p>
        <strong>{text.refusal.remedy}:</strong> {visibleLines(remedy)}
      </p>
      <p className="small">
        {text.refusal.code} <code>{code}</code>
        {place === '' ? null : ` · ${visibleLines(place)}`}
      </p>
    </div>
  );
}

/** All of them, in the order in which they were found. */
export function Refusals({
  refusals,
}: {
  readonly refusals: readonly (Refusal & { readonly act?: number })[];
}): ReactNode {
  return (
    <ul className="plain-list">
      {refusals.map((refusal, index) => (
        <li key={`${index}-${refusal.code}`}>
          <RefusalBox refusal={refusal} {...(refusal.act === undefined ? {} : { act: refusal.act })} />
        </li>
      ))}
    </ul>
  );
}
