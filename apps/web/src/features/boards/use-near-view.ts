'use client';

import { useEffect, useRef, useState, type RefObject } from 'react';

/** Loading begins this far below the visible part, so that scrolling meets what is there. */
const margin = '400px';

/** Whether an element is or was near the visible part of the page (UX-B3). */
export function useNearView(): {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly near: boolean;
} {
  const ref = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setNear(true);
        observer.disconnect();
      },
      { rootMargin: margin },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, near };
}
