import { useState, type ReactNode } from 'react';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { ResponseOf } from '../../contract/methods.ts';
import { formatBytes } from '../format-bytes.ts';
import { useHost, useHostState } from '../host.ts';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal.tsx';
import { text } from '../text.ts';
import { useReply } from '../use-reply.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { Receipt } from './receipt.tsx';

type MediaList = ResponseOf<'media'>;

const { export: said } = text;

interface TargetsProps {
  readonly media: MediaList;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
}

function Targets({ media: { targets, unmounted }, chosen, choose }: TargetsProps): ReactNode {
  return (
    <>
      {targets.length === 0 ? <p className="notice">{said.none}</p> : null}
      {unmounted.map(({ device, label }) => (
        <p key={device} className="notice">
          {said.unmounted(device, visibleLines(label))}
        </p>
      ))}
      {targets.length === 0 ? null : (
        <fieldset className="choices">
          <legend>{said.choose}</legend>
          {targets.map(({ id, label, device, freeBytes, totalBytes, standIn }, index) => (
            <label key={id} className="choice">
              <input
                type="radio"
                name="target"
                value={id}
                checked={chosen === id}
                autoFocus={index === 0}
                onChange={() => {
                  choose(id);
                }}
              />
              <span>
                {said.medium(visibleLines(label), device)}
                <span className="small"> {said.free(formatBytes(freeBytes), formatBytes(totalBytes))}</span>
                {standIn ? <strong className="small"> {said.standIn}</strong> : null}
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

/** How far the copy is: each step stays in sight. */
function Steps(): ReactNode {
  const { progress } = useHostState();
  const steps = progress.filter(({ task }) => task === 'export');
  return (
    <ol className="steps" role="log" aria-label={text.busy}>
      {steps.map(({ step, file, done, all }, index) => (
        <li key={index}>
          {file === null ? '' : `${visibleLines(file)}: `}
          {said.steps[step]}
          {done === null || all === null ? '' : ` (${done} / ${all})`}
        </li>
      ))}
    </ol>
  );
}

/** Takes what a ceremony made out of the room: only to removable media, read back and compared, with a receipt. */
export function Export({ ceremony }: { readonly ceremony: string }): ReactNode {
  const host = useHost();
  const [asked, setAsked] = useState(0);
  const reply = useReply('media', {}, `${asked}`);
  const [chosen, choose] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const [receipt, setReceipt] = useState<ResponseOf<'export'> | undefined>();
  const copy = async (): Promise<void> => {
    if (busy || chosen === undefined) return;
    setBusy(true);
    setRefusal(undefined);
    host.forget('export');
    const exported = await host.bridge.call('export', { ceremony, target: chosen });
    setBusy(false);
    if (exported.ok) setReceipt(exported.response);
    else setRefusal(exported.refusal);
  };
  if (receipt !== undefined && chosen !== undefined) return <Receipt receipt={receipt} target={chosen} />;
  return (
    <Page
      title={said.title}
      why={said.why}
      actions={
        <>
          <button
            type="button"
            className="primary"
            aria-disabled={busy || chosen === undefined}
            onClick={() => void copy()}
          >
            {said.start}
          </button>
          <button
            type="button"
            className="quiet"
            onClick={() => {
              setAsked(asked + 1);
            }}
          >
            {said.again}
          </button>
        </>
      }
    >
      {reply === undefined ? <p>{text.busy}</p> : null}
      {reply?.ok === false ? <RefusalBox refusal={reply.refusal} /> : null}
      {reply?.ok === true ? <Targets media={reply.response} {...{ chosen, choose }} /> : null}
      {busy || refusal !== undefined ? <Steps /> : null}
      {refusal === undefined ? null : <RefusalBox refusal={refusal} />}
    </Page>
  );
}
