import { useState, type ReactNode } from 'react';
import { text } from '../text.ts';

const rows = [
  ['1234567890', '!@#$%^&*()'],
  ['qwertyuiop', 'QWERTYUIOP'],
  ['asdfghjkl;', 'ASDFGHJKL:'],
  ["zxcvbnm,.'", 'ZXCVBNM<>"'],
  ['-=[]\\/`', '_+{}|?~'],
] as const;

interface OnScreenKeyboardProps {
  readonly press: (character: string) => void;
  readonly clear: () => void;
}

/** For a room where the keyboard is not to be trusted, or has other letters on it than the PIN needs. */
export function OnScreenKeyboard({ press, clear }: OnScreenKeyboardProps): ReactNode {
  const [shift, setShift] = useState(false);
  return (
    <div className="keyboard" role="group" aria-label={text.pin.keyboardLabel}>
      {rows.map(([lower, upper]) => (
        <div key={lower} className="keyboard-row">
          {Array.from(shift ? upper : lower, (character) => (
            <button
              key={character}
              type="button"
              className="key"
              onClick={() => {
                press(character);
              }}
            >
              {character}
            </button>
          ))}
        </div>
      ))}
      <div className="keyboard-row">
        <button
          type="button"
          className="key key-wide"
          aria-pressed={shift}
          onClick={() => {
            setShift(!shift);
          }}
        >
          {text.pin.shift}
        </button>
        <button
          type="button"
          className="key key-space"
          onClick={() => {
            press(' ');
          }}
        >
          {text.pin.space}
        </button>
        <button type="button" className="key key-wide" onClick={clear}>
          {text.pin.clear}
        </button>
      </div>
    </div>
  );
}
