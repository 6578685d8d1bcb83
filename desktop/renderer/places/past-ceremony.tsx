import { useState, type ReactNode } from 'react';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { ResponseOf } from '../../contract/methods.ts';
import { useHost, useHostState } from '../host.ts';
import { RefusalBox, Refusals } from '../parts/refusal.tsx';
import { Time } from '../parts/time.tsx';
import { useGo, type Place } from '../place.ts';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';

type CeremonyLine = ResponseOf<'list'>['ceremonies'][number];
type Readable = Extract<CeremonyLine, { readable: true }>;

const { home } = text;

interface ActionProps {
  readonly title: string;
  readonly label: string;
  readonly primary?: boolean;
  readonly act: () => void;
}

function Action({ title, label, primary = false, act }: ActionProps): ReactNode {
  return (
    <button type="button" className={primary ? 'primary' : 'quiet'} aria-label={home.of(label, title)} onClick={act}>
      {label}
    </button>
  );
}

interface ActionsProps {
  readonly line: Readable;
  readonly refused: (refusal: Refusal) => void;
}

function Actions({ line, refused }: ActionsProps): ReactNode {
  const { id, title, status, open } = line;
  const host = useHost();
  const go = useGo();
  const [busy, setBusy] = useState(false);
  const { progress } = useHostState();
  const waits = busy && progress.some(({ task, step }) => task === 'resume' && step === 'waiting');
  const to = (at: Extract<Place, { ceremony: string }>['at']) => (): void => {
    go({ at, ceremony: id });
  };
  const resume = (): void => {
    if (busy) return;
    setBusy(true);
    host.forget('resume');
    void host.ask('resume', { ceremony: id }).then((refusal) => {
      setBusy(false);
      if (refusal === undefined) go({ at: 'ceremony' });
      else refused(refusal);
    });
  };
  const back = (): void => {
    go({ at: 'ceremony' });
  };
  return (
    <>
      {waits ? (
        <p className="waiting" role="status">
          {home.waiting}
        </p>
      ) : null}
      <div className="card-actions">
        {open ? <Action {...{ title }} label={home.back} primary act={back} /> : null}
        {!open && status === 'running' ? (
          <Action {...{ title }} label={busy ? text.busy : home.resume} primary act={resume} />
        ) : null}
        <Action {...{ title }} label={home.verify} act={to('verify')} />
        <Action {...{ title }} label={home.look} act={to('viewer')} />
        <Action {...{ title }} label={home.transcript} act={to('transcript')} />
        {status === 'finished' ? <Action {...{ title }} label={home.export} act={to('export')} /> : null}
      </div>
    </>
  );
}

/** A ceremony that was held in this folder: how it stands, and what can be done with it. */
export function PastCeremony({ line, again }: { readonly line: CeremonyLine; readonly again: () => void }): ReactNode {
  const [refusal, refused] = useState<Refusal | undefined>();
  if (!line.readable) {
    return (
      <li className="card">
        <h3>{visibleLines(line.folder)}</h3>
        <p>{home.damaged}</p>
        <Refusals refusals={line.refusals} />
      </li>
    );
  }
  const { title, folder, status, begun, acts, resumptions, rehearsal } = line;
  const show = (what: Refusal): void => {
    refused(what);
    again();
  };
  return (
    <li className="card">
      <h3>
        {visibleLines(title)} {rehearsal ? <span className="badge">{text.rehearsal}</span> : null}
      </h3>
      <p className="small">
        {visibleLines(folder)} · {home.begun} <Time utc={begun} />
      </p>
      <p>
        <strong>{home.status[status]}</strong>, {home.progress(acts.done, acts.all)}
        {resumptions === 0 ? '' : `, ${home.resumed(resumptions)}`}
      </p>
      <Actions line={line} refused={show} />
      {refusal === undefined ? null : <RefusalBox refusal={refusal} />}
    </li>
  );
}
