import { createContext } from 'react';

/** What the area where people act needs to know of the pages above it. */
export interface Reading {
  /** There are pages nobody has seen yet: nothing can be answered. */
  readonly unread: boolean;
  /** Whether keys go to this area now. */
  readonly active: boolean;
  readonly turn: (step: 1 | -1) => void;
}

export const ReadingContext = createContext<Reading>({ unread: false, active: true, turn: () => undefined });

/** Whether there is a keyboard at all: a script may be played where standard input is no terminal. */
export const KeyboardContext = createContext(true);
