import { useInput } from 'ink';
import { useContext } from 'react';
import { keysOf, type Key } from './keys.ts';
import { KeyboardContext } from './reading.ts';

/**
 * Calls `handle` with each key while `active`. It answers `false` when the rest of what came with that key must not
 * count: keys typed ahead of an answer must never answer the next question.
 */
export function useKeys(handle: (key: Key) => boolean | undefined, active: boolean): void {
  const keyboard = useContext(KeyboardContext);
  useInput(
    (input, key) => {
      for (const each of keysOf(input, key)) if (handle(each) === false) return;
    },
    { isActive: active && keyboard },
  );
}
