import { createContext } from 'react';
import type { Tone } from './lines/line.ts';

/** Terminal colours by meaning. */
export type Theme = Readonly<Partial<Record<Tone, string>>>;

const coloured: Theme = { warning: 'yellow', failure: 'red', done: 'green' };

/** No colour at all where NO_COLOR asks for it (no-color.org); bold and reverse video are not colours. */
export function themeFor(environment: Readonly<Record<string, string | undefined>>): Theme {
  return (environment['NO_COLOR'] ?? '') === '' ? coloured : {};
}

export const ThemeContext = createContext<Theme>(coloured);
