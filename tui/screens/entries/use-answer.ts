import { useContext } from 'react';
import { ReadingContext } from '../reading.ts';
import { text } from '../text.ts';
import { useLive } from '../use-live.ts';

/** Hands an answer on; says why it was not accepted, or nothing. */
export type Enter<T> = (value: T) => Promise<string | undefined>;

/** The part of every entry that gives an answer: not before everything has been read, and with a word on refusals. */
export function useAnswer(): {
  readonly message: string;
  readonly active: boolean;
  /** There are pages nobody has seen yet. */
  readonly unread: boolean;
  readonly refuse: (message: string) => void;
  readonly give: (work: () => Promise<string | undefined>) => void;
  /** Turns the page, for a space on an empty line. */
  readonly turn: () => void;
} {
  const reading = useContext(ReadingContext);
  const message = useLive('');
  return {
    message: message.get(),
    active: reading.active,
    unread: reading.unread,
    refuse: message.set,
    give: (work) => {
      if (reading.unread) {
        message.set(text.readFirst);
        return;
      }
      message.set('');
      void work().then((fault) => {
        if (fault !== undefined) message.set(fault);
      });
    },
    turn: () => {
      reading.turn(1);
    },
  };
}
