import type { ReactNode } from 'react';
import { Page } from '../parts/page.tsx';
import { RefusalBox, Refusals } from '../parts/refusal.tsx';
import { text } from '../text.ts';
import { useReply } from '../use-reply.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';

const { verify } = text;

/** A ceremony's journal, bundle and files, verified now: what the terminal's `ceremony verify` says. */
export function Verify({ ceremony }: { readonly ceremony: string }): ReactNode {
  const reply = useReply('verify', { ceremony }, ceremony);
  if (reply === undefined) {
    return (
      <Page title={verify.title}>
        <p role="status">{verify.running}</p>
      </Page>
    );
  }
  if (!reply.ok) {
    return (
      <Page title={verify.title}>
        <RefusalBox refusal={reply.refusal} />
      </Page>
    );
  }
  const { ok, lines, refusals } = reply.response;
  return (
    <Page title={verify.title}>
      <section role="status" className={ok ? 'result result-passed' : 'result result-failed'}>
        <h2>
          <span className="mark" aria-hidden="true">
            {ok ? '✓' : '✕'}
          </span>{' '}
          {ok ? verify.passed : verify.failed}
        </h2>
        <Refusals refusals={refusals} />
      </section>
      <h2>{verify.lines}</h2>
      <pre className="listing" tabIndex={0}>
        {lines.map(visibleLines).join('\n')}
      </pre>
    </Page>
  );
}
