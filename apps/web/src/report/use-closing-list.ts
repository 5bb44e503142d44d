import { useMemo } from 'react';
import type { ListedNumber } from './listed-number.ts';

/** Changes a report; the list beside it closes with any change, for its number may mean another one then. */
export function useClosingList<S extends { readonly listed: ListedNumber | null }>(
  change: (change: Partial<S>) => void,
): (change: Partial<S>) => void {
  return useMemo(() => (own) => change({ ...closed<S>(), ...own }), [change]);
}

function closed<S extends { readonly listed: ListedNumber | null }>(): Partial<S> {
  // Of a state with more fields, which TypeScript cannot know to be left out here.
  return { listed: null } as Partial<S>;
}
