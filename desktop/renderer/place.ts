import { createContext, useContext } from 'react';

/** Where people are in the window. `ceremony` shows the one that is open, whatever it is doing. */
export type Place =
  | { readonly at: 'home' | 'ceremony' }
  | { readonly at: 'check'; readonly plan: string }
  | { readonly at: 'viewer' | 'verify' | 'export' | 'transcript'; readonly ceremony: string };

/** Goes to a place. */
export const GoContext = createContext<(place: Place) => void>(() => undefined);

export function useGo(): (place: Place) => void {
  return useContext(GoContext);
}
