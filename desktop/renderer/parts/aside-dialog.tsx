import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { Snapshot } from '../../contract/shapes.ts';
import { asideFault, asides, asidesFor, type AsideKind, type Filled } from '../asides.ts';
import { useHost } from '../host.ts';
import { useGo } from '../place.ts';
import { text } from '../text.ts';
import { AsideFields, type Change } from './aside-fields.tsx';

const { aside } = text;

interface AsideDialogProps {
  readonly snapshot: Snapshot;
  readonly close: () => void;
}

interface KindsProps {
  readonly kinds: readonly AsideKind[];
  readonly chosen: AsideKind | undefined;
  readonly choose: (kind: AsideKind) => void;
}

function Kinds({ kinds, chosen, choose }: KindsProps): ReactNode {
  return (
    <fieldset className="choices">
      <legend>{aside.legend}</legend>
      {kinds.map((kind, index) => (
        <label key={kind} className="choice">
          <input
            type="radio"
            name="aside"
            value={kind}
            checked={chosen === kind}
            autoFocus={index === 0}
            onChange={() => {
              choose(kind);
            }}
          />
          <span>{aside.kinds[kind]}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Noting, pausing, leaving, stopping: never by one click or key. Esc goes back. */
function AsideDialog({ snapshot, close }: AsideDialogProps): ReactNode {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const host = useHost();
  const go = useGo();
  const [chosen, choose] = useState<AsideKind | undefined>();
  const [filled, setFilled] = useState<Filled>({});
  const [word, setWord] = useState('');
  const [message, setMessage] = useState('');
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const send = async (kind: AsideKind): Promise<void> => {
    const fault = asideFault(kind, word, filled);
    const refusal = fault === undefined ? await asides[kind].send(host, word, filled) : undefined;
    setMessage(fault ?? (refusal === undefined ? '' : `${refusal.message} ${refusal.remedy}`));
    if (fault !== undefined || refusal !== undefined) return;
    close();
    if (kind === 'leave') go({ at: 'home' });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (chosen === undefined) setMessage(text.choice.nothing);
    else void send(chosen);
  };
  const change: Change = (name, value) => {
    setFilled({ ...filled, [name]: value });
  };
  return (
    <dialog ref={dialog} aria-labelledby={`${id}-title`} onClose={close}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <h2 id={`${id}-title`}>{aside.title}</h2>
        {snapshot.mode === 'working' ? <p>{aside.whileWorking}</p> : null}
        <Kinds kinds={asidesFor(snapshot)} {...{ chosen, choose }} />
        {chosen === undefined ? null : <AsideFields kind={chosen} {...{ filled, change, word, setWord }} />}
        <p className="area-note area-refused" role="status">
          {message}
        </p>
        <div className="area-actions">
          <button type="submit" className="primary">
            {chosen === undefined ? aside.button : aside.buttons[chosen]}
          </button>
          <button type="button" className="quiet" onClick={close}>
            {aside.back}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Opens the dialog; does nothing by itself. */
export function AsideButton({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const [open, setOpen] = useState(false);
  const wasOpen = useRef(false);
  useEffect(() => {
    // What is asked meanwhile could not take the keyboard while the dialog had it.
    if (wasOpen.current && !open) {
      const field = document.querySelector<HTMLElement>('.area input') ?? document.querySelector('h1');
      field?.focus();
    }
    wasOpen.current = open;
  }, [open]);
  return (
    <>
      <button
        type="button"
        className="quiet"
        onClick={() => {
          setOpen(true);
        }}
      >
        {aside.open}
      </button>
      {open ? (
        <AsideDialog
          snapshot={snapshot}
          close={() => {
            setOpen(false);
          }}
        />
      ) : null}
    </>
  );
}
