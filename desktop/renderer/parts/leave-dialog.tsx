import { typedWords } from '../../../core/ceremony/typed-words.ts';
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { Snapshot } from '../../contract/shapes.ts';
import { useGo } from '../place.ts';
import { text } from '../text.ts';
import { useCeremony } from '../use-ceremony.ts';

const { leave } = text;

interface LeaveDialogProps {
  readonly snapshot: Snapshot;
  readonly close: () => void;
}

/** What was typed in the dialog, done; what is wrong with it, or undefined. */
type Decide = (typed: string, reason: string) => Promise<string | undefined>;

function useDecide({ snapshot, close }: LeaveDialogProps): Decide {
  const ceremony = useCeremony();
  const go = useGo();
  const working = snapshot.mode === 'working';
  return async (typed, reason) => {
    const known = typed === typedWords.leave || (typed === typedWords.stop && !working);
    if (!known) return leave.notAccepted(typed);
    const refusal = typed === typedWords.stop ? await ceremony.stop(typed, reason) : await ceremony.leave();
    if (refusal !== undefined) return `${refusal.message} ${refusal.remedy}`;
    close();
    if (typed === typedWords.leave) go({ at: 'home' });
    return undefined;
  };
}

function reasonOf({ view }: Snapshot): string {
  const code = view.current?.failure?.code;
  return code === undefined ? leave.reason : text.failure.reason(code);
}

/** Leaving or stopping: never by one click or key. Esc goes back. */
function LeaveDialog(props: LeaveDialogProps): ReactNode {
  const { snapshot, close } = props;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [message, setMessage] = useState('');
  const decide = useDecide(props);
  const working = snapshot.mode === 'working';
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const word = typed;
    setTyped('');
    void decide(word, reasonOf(snapshot)).then((fault) => {
      setMessage(fault ?? '');
    });
  };
  return (
    <dialog ref={dialog} aria-labelledby={`${id}-title`} onClose={close}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <h2 id={`${id}-title`}>{leave.title}</h2>
        <p>{working ? leave.whileWorking : leave.instruction}</p>
        <label htmlFor={id}>{working ? leave.labelWorking : leave.label}</label>
        <input
          id={id}
          className="entry entry-word"
          value={typed}
          maxLength={20}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          onChange={(event) => {
            setTyped(event.target.value);
          }}
        />
        <p className="area-note area-refused" role="status">
          {message}
        </p>
        <div className="area-actions">
          <button type="submit" className="primary">
            {leave.button}
          </button>
          <button type="button" className="quiet" onClick={close}>
            {leave.back}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Opens the dialog; does nothing by itself. */
export function LeaveButton({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="quiet"
        onClick={() => {
          setOpen(true);
        }}
      >
        {leave.open}
      </button>
      {open ? (
        <LeaveDialog
          snapshot={snapshot}
          close={() => {
            setOpen(false);
          }}
        />
      ) : null}
    </>
  );
}
