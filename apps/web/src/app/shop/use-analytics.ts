'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Call } from './analytics.ts';
import { pushCall } from './analytics.ts';

/** A call as the drawer shows it. */
export interface MadeCall {
  readonly id: number;
  readonly at: Date;
  readonly call: Call;
}

const shownMax = 30;

/** Sends calls to the SDK and remembers the last ones, newest first. */
export function useAnalytics(): { send: (...calls: Call[]) => void; made: readonly MadeCall[] } {
  const [made, setMade] = useState<readonly MadeCall[]>([]);
  const count = useRef(0);

  const send = useCallback((...calls: Call[]) => {
    for (const call of calls) {
      pushCall(call);
      const id = ++count.current;
      setMade((before) => [{ id, at: new Date(), call }, ...before].slice(0, shownMax));
    }
  }, []);

  useEffect(() => {
    // React runs effects twice in development; a page is viewed once.
    if (count.current > 0) return;
    send(['register', { platform: 'Web' }], ['track', 'Page viewed', { page: 'Home' }]);
  }, [send]);

  return { send, made };
}
