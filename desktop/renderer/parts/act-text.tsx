import type { ReactNode } from 'react';
import type { ActView } from '../../../core/ceremony/view.ts';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { Facts } from './facts.tsx';

type Said = Pick<ActView, 'why' | 'onToken'> & Partial<Pick<ActView, 'prompt'>>;

/** Why an act is done and what it does to the token, and whatever must be compared before answering. */
export function ActText({ act: { why, onToken, prompt } }: { readonly act: Said }): ReactNode {
  const show = prompt?.show ?? [];
  return (
    <>
      <dl className="act-text">
        <div>
          <dt>{text.why}</dt>
          <dd>{visibleLines(why)}</dd>
        </div>
        <div className={onToken === '' ? 'on-token on-token-none' : 'on-token'}>
          <dt>{text.onToken}</dt>
          <dd>{onToken === '' ? text.touchesNoToken : visibleLines(onToken)}</dd>
        </div>
      </dl>
      {show.length === 0 ? null : (
        <>
          <h2>{text.look}</h2>
          <Facts facts={show} />
        </>
      )}
    </>
  );
}
