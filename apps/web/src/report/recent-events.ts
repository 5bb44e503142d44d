'use client';

import { useMemo } from 'react';
import { z } from 'zod';
import { useProject } from '#api/project-context.tsx';
import { useKeptText } from '#components/kept-text.ts';

const recentMax = 5;
const recentSchema = z.array(z.string());

/** Events that were chosen last in this browser, the latest first (UX-E1), and what keeps one more. */
export function useRecentEvents(): {
  readonly recent: readonly string[];
  readonly remember: (event: string) => void;
} {
  const { id } = useProject();
  const [text, change] = useKeptText(`arbor-recent-events ${id}`);
  const recent = useMemo(() => parseRecent(text), [text]);
  return {
    recent,
    remember: (event) => change((before) => JSON.stringify(withRecent(parseRecent(before), event))),
  };
}

export function parseRecent(text: string | null): readonly string[] {
  if (text === null) return [];
  try {
    return recentSchema.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

export function withRecent(recent: readonly string[], event: string): readonly string[] {
  return [event, ...recent.filter((each) => each !== event)].slice(0, recentMax);
}
