'use client';

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { LexiconEntity, LexiconEntry } from '@arbor/schema/definitions';
import type { SavedImport } from '@arbor/schema/imports';
import type { HealthSpan, IngestionHealth, RefusedFilter } from '@arbor/schema/ingestion-health';
import type { RejectedEntry } from '@arbor/schema/live';
import { useMemo } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { useNow } from '#format/use-now.ts';
import { useLexicon } from '#report/lexicon.ts';
import { pagesOf, type Paged } from '#report/paged.ts';
import { resolveRange } from '#report/range.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';
import { lexiconRows, volumeQuery, volumesOf, type LexiconRow } from './lexicon.ts';

const healthEveryMs = 5000;
const importsEveryMs = 3000;
/** As pickers keep them; what came since is seen when the page is opened again. */
const namesOptions = { staleTime: 10_000 };

type Asked<T> = {
  readonly data: T | undefined;
  readonly failure: Failure | null;
  readonly retry: () => void;
};

export function useHealth(span: HealthSpan): Asked<IngestionHealth> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(
    trpc.ingestHealth.get.queryOptions(
      { projectId, span },
      { staleTime: 0, refetchInterval: healthEveryMs, placeholderData: keepPreviousData },
    ),
  );
  return {
    data: query.data,
    failure: query.error === null ? null : describeFailure(query.error),
    retry: () => void query.refetch(),
  };
}

/** Refused records that were kept, newest first; none is asked for without a filter. */
export function useRefused(filter: RefusedFilter | null): Paged<RejectedEntry> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const query = useInfiniteQuery({
    queryKey: [...trpc.ingestHealth.refused.pathKey(), projectId, filter],
    queryFn: ({ pageParam }) =>
      api.ingestHealth.refused.query({ projectId, ...filter, cursor: pageParam, limit: 20 }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: filter !== null,
  });
  return pagesOf(query, (page) => page.records);
}

export type LexiconList = {
  /** Undefined while names are on their way. */
  readonly rows: readonly LexiconRow[] | undefined;
  readonly failure: Failure | null;
  readonly retry: () => void;
};

export function useLexiconRows(entity: LexiconEntity): LexiconList {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const eventNames = useQuery(trpc.names.events.queryOptions({ projectId }, namesOptions));
  const propertyNames = useQuery(trpc.names.properties.queryOptions({ projectId }, namesOptions));
  const lexicon = useLexicon(entity);
  const [events, properties] = [eventNames.data, propertyNames.data];
  const error = eventNames.error ?? propertyNames.error;
  const recent = useVolumes(entity === 'event');
  const { entries } = lexicon;
  const rows = useMemo(
    () =>
      events === undefined || properties === undefined || entries === undefined
        ? undefined
        : lexiconRows(entity, { events, properties, entries, recent }),
    [entity, events, properties, entries, recent],
  );
  return {
    rows,
    failure: rows === undefined && error !== null ? describeFailure(error) : lexicon.failure,
    retry: () => {
      void eventNames.refetch();
      void propertyNames.refetch();
      lexicon.retry();
    },
  };
}

/** How often each event happened in the last 30 days; null = not known yet. */
function useVolumes(enabled: boolean): ReadonlyMap<string, number> | null {
  const trpc = useTRPC();
  const { id: projectId, timezone } = useProject();
  const { entries } = useLexicon('event');
  const now = useNow(60_000);
  const { from, to } = resolveRange({ preset: '30d' }, timezone, now);
  const hidden = (entries ?? []).flatMap(({ name, hidden: isHidden }) => (isHidden ? [name] : []));
  const query = useQuery(
    trpc.query.run.queryOptions(
      { projectId, query: volumeQuery({ from, to }, hidden) },
      { enabled: enabled && entries !== undefined, placeholderData: keepPreviousData },
    ),
  );
  const result = query.data?.result;
  return useMemo(() => (result === undefined ? null : volumesOf(result)), [result]);
}

export type Described = { readonly entity: LexiconEntity; readonly entry: LexiconEntry };

/** What is said about a name; pickers hear of it at once. */
export function useDescribe(): UseMutationResult<LexiconEntry, Error, Described> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: ({ entity, entry }: Described) =>
      api.lexicon.set.mutate({ projectId, entity, entry }),
    onSuccess: () => client.invalidateQueries(trpc.lexicon.pathFilter()),
  });
}

/** Imports, newest first; asked again while one is under way, somebody else's perhaps. */
export function useImports(): Asked<readonly SavedImport[]> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(
    trpc.imports.list.queryOptions(
      { projectId },
      {
        staleTime: 0,
        refetchInterval: ({ state }) =>
          state.data?.imports.some((each) => each.state === 'open') === true
            ? importsEveryMs
            : false,
      },
    ),
  );
  return {
    data: query.data?.imports,
    failure: query.error === null ? null : describeFailure(query.error),
    retry: () => void query.refetch(),
  };
}
