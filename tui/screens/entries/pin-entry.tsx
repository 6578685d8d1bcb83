import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { mask } from '../../../core/ceremony/typed-words.ts';
import { text } from '../text.ts';
import { useKeys } from '../use-keys.ts';
import { instructionOf } from './frame-rows.ts';
import { Frame } from './frame.tsx';
import { useAnswer, type Enter } from './use-answer.ts';

/** PKCS#11 knows no longest PIN; this bounds what is held, of a PIN and of a share as words. */
const longest = { pin: 255, share: 1200 } as const;

interface PinEntryProps {
  readonly prompt: Extract<Prompt, { kind: 'secret' }>;
  readonly rows: number;
  readonly enter: Enter<string>;
}

/**
 * Takes a PIN. What is typed is in one mutable place that nothing renders, from its first key until Enter, Backspace,
 * Ctrl-U, or until the entry loses the keyboard; the screen shows only whether anything is typed.
 */
export function PinEntry({ prompt, rows, enter }: PinEntryProps): ReactNode {
  const held = useRef('');
  const emptyBefore = useRef(false);
  const [anything, setAnything] = useState(false);
  const answer = useAnswer();
  const hold = (pin: string): void => {
    held.current = pin;
    setAnything(pin !== '');
  };
  useEffect(() => {
    if (!answer.active) {
      held.current = '';
      setAnything(false);
    }
    return () => {
      held.current = '';
    };
  }, [answer.active]);
  const submit = (pin: string): void => {
    hold('');
    // An empty entry means the device's own keypad: where nothing says that it has one, only when it is meant.
    const meant = pin !== '' || prompt.keypad || prompt.required === true || emptyBefore.current;
    emptyBefore.current = pin === '';
    if (meant) answer.give(() => enter(pin));
    else answer.refuse(text.pinEmpty);
  };
  useKeys((key) => {
    if (key.kind === 'enter') {
      submit(held.current);
      return false;
    }
    // A PIN may hold a space, but nobody types one before everything has been read.
    const space = key.kind === 'character' && key.character === ' ';
    if (space && answer.unread && held.current === '') answer.turn();
    else if (key.kind === 'erase' || key.kind === 'clear') hold('');
    else if (
      key.kind === 'character' &&
      held.current.length < (prompt.share === undefined ? longest.pin : longest.share)
    )
      hold(held.current + key.character);
    return undefined;
  }, answer.active);
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      instruction={instructionOf(prompt)}
      typed={anything ? mask : text.pinNothing}
      message={answer.message}
      keys={text.keys.pin}
      rows={rows}
    />
  );
}
