import { useState } from 'react';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import { text } from '../text.ts';

/** Sends an answer; the refusal if it does not fit. */
export type Enter<T> = (value: T) => Promise<Refusal | undefined>;

export interface Answering {
  readonly message: string;
  readonly busy: boolean;
  /** Says why what was entered is not sent. */
  readonly refuse: (message: string) => void;
  /** Sends it, unless there is more to read or it is being sent already. Says whether it was sent. */
  readonly give: (work: () => Promise<Refusal | undefined>) => boolean;
}

/** What all entries share: nothing counts before everything was read, and nothing is sent twice. */
export function useAnswer(unread: boolean): Answering {
  const [message, refuse] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (work: () => Promise<Refusal | undefined>): Promise<void> => {
    setBusy(true);
    refuse('');
    try {
      const refusal = await work();
      if (refusal !== undefined) refuse(`${refusal.message} ${refusal.remedy}`);
    } finally {
      setBusy(false);
    }
  };
  return {
    message,
    busy,
    refuse,
    give: (work) => {
      if (busy) return false;
      if (unread) {
        refuse(text.readFirst);
        return false;
      }
      void send(work);
      return true;
    },
  };
}
