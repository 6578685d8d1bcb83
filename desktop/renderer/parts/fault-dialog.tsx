import { useEffect, useRef, type ReactNode } from 'react';
import type { EventOf } from '../../contract/events.ts';
import { useHost } from '../host.ts';
import { text } from '../text.ts';
import { RefusalBox } from './refusal.tsx';

/** The ceremony had to be closed: why, and what to do. */
export function FaultDialog({ fault }: { readonly fault: EventOf<'fault'> }): ReactNode {
  const host = useHost();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = (): void => {
    host.acknowledge();
  };
  return (
    <dialog ref={dialog} aria-labelledby="fault" onClose={close}>
      <h2 id="fault">{text.fault.title}</h2>
      <RefusalBox refusal={fault.refusal} />
      <p>{text.fault.why}</p>
      <div className="area-actions">
        <button type="button" className="primary" onClick={close} autoFocus>
          {text.fault.ok}
        </button>
      </div>
    </dialog>
  );
}
