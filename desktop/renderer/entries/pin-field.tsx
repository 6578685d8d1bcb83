import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import { mask } from '../../../core/ceremony/typed-words.ts';
import { text } from '../text.ts';

interface PinFieldProps {
  readonly label: string;
  readonly something: boolean;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly add: (characters: string) => void;
  readonly clear: () => void;
  readonly refuse: (message: string) => void;
}

/** What an input event would have done to the field: only typing counts, and nothing reaches the field itself. */
function typedBy(event: InputEvent): string | undefined {
  // Enter is no text: it hands the entry over, unless it is prevented.
  if (event.inputType !== 'insertLineBreak') event.preventDefault();
  return event.inputType === 'insertText' ? (event.data ?? undefined) : undefined;
}

/**
 * A password field that stays empty: each character is taken before the browser puts it there, so that a PIN is never in
 * the document, not even as dots that tell its length.
 */
export function PinField({ label, something, field, add, clear, refuse }: PinFieldProps): ReactNode {
  const id = useId();
  const [caps, setCaps] = useState(false);
  const handlers = useRef({ add, clear, refuse });
  handlers.current = { add, clear, refuse };
  useEffect(() => {
    const { current } = field;
    if (current === null) return undefined;
    const before = (event: InputEvent): void => {
      const typed = typedBy(event);
      if (typed !== undefined) handlers.current.add(typed);
      else if (event.inputType.startsWith('delete')) handlers.current.clear();
      else if (event.inputType.startsWith('insertFrom')) handlers.current.refuse(text.pin.paste);
    };
    const key = (event: KeyboardEvent): void => {
      setCaps(event.getModifierState('CapsLock'));
      if (event.key === 'Backspace' || event.key === 'Delete') handlers.current.clear();
    };
    current.addEventListener('beforeinput', before);
    current.addEventListener('keydown', key);
    current.addEventListener('keyup', key);
    return () => {
      current.removeEventListener('beforeinput', before);
      current.removeEventListener('keydown', key);
      current.removeEventListener('keyup', key);
    };
  }, [field]);
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <span className="pin">
        <input
          ref={field}
          id={id}
          type="password"
          className="entry"
          aria-describedby={`${id}-hint ${id}-state`}
          autoFocus
          autoComplete="off"
          spellCheck={false}
        />
        <span className="pin-mask" aria-hidden="true">
          {something ? mask : ''}
        </span>
      </span>
      <p id={`${id}-state`} className="small" role="status">
        {something ? text.pin.something : text.pin.empty}
        {caps ? <strong className="caps"> ! {text.pin.caps}</strong> : null}
      </p>
      <p id={`${id}-hint`} className="small">
        {text.pin.hint}
      </p>
    </>
  );
}
