'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** A text that this browser keeps under a key, and how another takes its place; a null key keeps nothing. */
export function useKeptText(
  key: string | null,
): readonly [text: string | null, change: (next: (before: string | null) => string) => void] {
  const read = useCallback(() => (key === null ? null : stored(key)), [key]);
  const text = useSyncExternalStore(subscribe, read, () => null);
  const change = useCallback(
    (next: (before: string | null) => string) => {
      if (key !== null) store(key, next(stored(key)));
    },
    [key],
  );
  return [text, change];
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // What another tab keeps.
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** A browser may keep nothing at all: then there is nothing. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    return;
  }
  for (const listener of listeners) listener();
}
