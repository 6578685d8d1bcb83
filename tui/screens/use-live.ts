import { useReducer, useRef } from 'react';

/** A value that is both rendered and current inside a handler that runs several times before the next render. */
export function useLive<T>(initial: T): { readonly get: () => T; readonly set: (value: T) => void } {
  const held = useRef(initial);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  return {
    get: () => held.current,
    set: (value) => {
      held.current = value;
      redraw();
    },
  };
}
