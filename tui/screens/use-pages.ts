import { useEffect, useState } from 'react';
import type { Line } from './lines/line.ts';

/** A thing laid out on pages, which one is up, and whether all have been. */
export interface Pages {
  readonly lines: readonly Line[];
  /** Counts from 1. */
  readonly number: number;
  readonly total: number;
  /** The last page has been up at some time: every page has, as they are turned one by one. */
  readonly read: boolean;
  readonly turn: (step: 1 | -1) => void;
}

/** Picks the page to begin with. */
export type FirstPage = (pages: readonly (readonly Line[])[]) => number;

const top: FirstPage = () => 0;

/** Turns pages. After a resize there are others: this stays as near to the same place as it can. */
export function usePages(pages: readonly (readonly Line[])[], first: FirstPage = top): Pages {
  const end = pages.length - 1;
  const [position, setPosition] = useState<number | undefined>(undefined);
  const clamp = (index: number): number => Math.max(0, Math.min(end, index));
  const index = clamp(position ?? first(pages));
  const [wasRead, setWasRead] = useState(false);
  useEffect(() => {
    if (index === end) setWasRead(true);
  }, [index, end]);
  return {
    lines: pages[index] ?? [],
    number: index + 1,
    total: pages.length,
    read: wasRead || index === end,
    turn: (step) => {
      setPosition(clamp(index + step));
    },
  };
}
