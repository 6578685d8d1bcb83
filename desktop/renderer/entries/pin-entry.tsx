import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { secretName } from '../../../core/ceremony/secret-name.ts';
import { text } from '../text.ts';
import type { EntryProps } from './entry.ts';
import { Frame } from './frame.tsx';
import { OnScreenKeyboard } from './on-screen-keyboard.tsx';
import { PinBuffer } from './pin-buffer.ts';
import { PinField } from './pin-field.tsx';
import { shareOf } from './shares.ts';
import { useAnswer } from './use-answer.ts';

type SecretPrompt = Extract<Prompt, { kind: 'secret' }>;

/** The device has a keypad of its own: nothing is typed here at all. */
function KeypadEntry({ prompt, unread, secret }: EntryProps<SecretPrompt>): ReactNode {
  const answer = useAnswer(unread);
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      say={prompt.say}
      button={text.pin.keypadButton}
      message={answer.message}
      busy={answer.busy}
      unread={unread}
      submit={() => {
        answer.give(() => secret(new Uint8Array()));
      }}
    >
      <p>{text.pin.keypad(prompt.token)}</p>
    </Frame>
  );
}

function labelOf(prompt: SecretPrompt): string {
  const share = shareOf(prompt);
  const { label, share: shareLabel } = text.pin;
  return share === undefined
    ? label(secretName(prompt), prompt.token)
    : shareLabel(share.number, share.of, prompt.token);
}

function TypedEntry({ prompt, unread, secret }: EntryProps<SecretPrompt>): ReactNode {
  const [buffer] = useState(() => new PinBuffer());
  const field = useRef<HTMLInputElement>(null);
  const [something, setSomething] = useState(false);
  const [keyboard, setKeyboard] = useState(false);
  const emptyBefore = useRef(false);
  const answer = useAnswer(unread);
  const clear = (): void => {
    buffer.wipe();
    setSomething(false);
  };
  useEffect(() => () => buffer.wipe(), [buffer]);
  const add = (characters: string): void => {
    const fits = buffer.add(characters);
    answer.refuse(fits ? '' : text.pin.tooLong);
    setSomething(!buffer.empty);
  };
  const submit = (): void => {
    // An empty entry means the device's own keypad, and only when it is meant.
    const meant = !buffer.empty || emptyBefore.current;
    if (!meant) answer.refuse(text.pin.none);
    emptyBefore.current = buffer.empty;
    if (meant) {
      answer.give(() => secret(buffer.take()));
      clear();
    }
    field.current?.focus();
  };
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      say={prompt.say}
      button={text.pin.button}
      {...{ unread, submit }}
      message={answer.message}
      busy={answer.busy}
      beside={
        <button
          type="button"
          className="quiet"
          aria-expanded={keyboard}
          onClick={() => {
            setKeyboard(!keyboard);
          }}
        >
          {text.pin.keyboard}
        </button>
      }
    >
      <PinField label={labelOf(prompt)} {...{ something, field, add, clear }} refuse={answer.refuse} />
      {keyboard ? <OnScreenKeyboard press={add} clear={clear} /> : null}
    </Frame>
  );
}

/** Takes a PIN. It is in one buffer that nothing renders, from its first key until it is handed over or cleared. */
export function PinEntry(props: EntryProps<SecretPrompt>): ReactNode {
  return props.prompt.keypad ? <KeypadEntry {...props} /> : <TypedEntry {...props} />;
}
