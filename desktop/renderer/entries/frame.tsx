import { useId, type FormEvent, type ReactNode } from 'react';
import { text } from '../text.ts';

interface FrameProps {
  /** Who must act. */
  readonly who: string;
  /** What is asked, as a sentence. */
  readonly say?: string;
  readonly children?: ReactNode;
  readonly button: string;
  readonly message: string;
  readonly busy: boolean;
  readonly unread: boolean;
  readonly submit: () => void;
  /** Beside the one primary button. */
  readonly beside?: ReactNode;
}

/** The area where people act: who, what, one field and one primary button, always in the same place. */
export function Frame({ who, say, children, button, message, busy, unread, submit, beside }: FrameProps): ReactNode {
  const id = useId();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    submit();
  };
  const note = message !== '' ? message : busy ? text.handingOver : unread ? text.readFirst : '';
  return (
    <form className="area" onSubmit={send} aria-labelledby={`${id}-who`} noValidate autoComplete="off">
      <h2 id={`${id}-who`} className="area-who">
        {who}
      </h2>
      {say === undefined ? null : <p className="area-say">{say}</p>}
      <div className="area-entry">{children}</div>
      <p className={message === '' ? 'area-note' : 'area-note area-refused'} role="status">
        {note}
      </p>
      <div className="area-actions">
        <button type="submit" className="primary" aria-disabled={busy || unread}>
          {button}
        </button>
        {beside}
      </div>
    </form>
  );
}
