'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** Reports change with the day, texts like "2 m ago" with less: a minute serves nearly everybody. */
const defaultStepMs = 60_000;

/**
 * The time, rounded down to a step. A component that shows it is drawn again when the next step
 * begins, so "today" is right also in a page that was left open over midnight.
 */
export function useNow(stepMs = defaultStepMs): number {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const timer = setInterval(onChange, Math.min(stepMs, defaultStepMs));
      return () => clearInterval(timer);
    },
    [stepMs],
  );
  const read = useCallback(() => Math.floor(Date.now() / stepMs) * stepMs, [stepMs]);
  return useSyncExternalStore(subscribe, read, read);
}
