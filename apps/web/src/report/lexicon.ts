'use client';

import { useQuery } from '@tanstack/react-query';
import type { LexiconEntity, LexiconEntry } from '@arbor/schema/definitions';
import { useMemo } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPC } from '#api/trpc.ts';
import { describeFailure, type Failure } from './stream-query.ts';

/** What somebody said changes rarely; whoever changes it here sees it at once. */
const staleMs = 60_000;

/** What was said about the names in the data (reports.md 18). */
export function useLexicon(entity: LexiconEntity): {
  readonly entries: readonly LexiconEntry[] | undefined;
  readonly failure: Failure | null;
  readonly retry: () => void;
} {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(
    trpc.lexicon.list.queryOptions({ projectId, entity }, { staleTime: staleMs }),
  );
  return {
    entries: query.data,
    failure: query.error === null ? null : describeFailure(query.error),
    retry: () => void query.refetch(),
  };
}

/** By name: what pickers show of it. */
export function useDescriptions(entity: LexiconEntity): ReadonlyMap<string, LexiconEntry> {
  const { entries } = useLexicon(entity);
  return useMemo(() => new Map((entries ?? []).map((entry) => [entry.name, entry])), [entries]);
}
