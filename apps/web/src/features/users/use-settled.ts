'use client';

import { useEffect, useState } from 'react';

/** A text once nobody has typed for a moment; given back at once when it is empty again. */
export function useSettled(text: string, afterMs: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (text === settled) return;
    const timer = setTimeout(() => setSettled(text), text === '' ? 0 : afterMs);
    return () => clearTimeout(timer);
  }, [text, settled, afterMs]);
  return settled;
}
