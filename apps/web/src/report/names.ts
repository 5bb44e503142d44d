'use client';

import { keepPreviousData, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import type { EventName, PropertyName, PropertyValueCount } from '@arbor/schema/catalog';
import type { PropertyRef } from '@arbor/schema/query';
import { useCallback } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPC } from '#api/trpc.ts';

/** Names change rarely; a picker opens at once with what was there a minute ago. */
const staleMs = 60_000;

export function useEventNames(): { names: readonly EventName[] | undefined; loading: boolean } {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.names.events.queryOptions({ projectId }, { staleTime: staleMs }));
  return { names: query.data, loading: query.isPending };
}

export function usePropertyNames(): { names: readonly PropertyName[]; loading: boolean } {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.names.properties.queryOptions({ projectId }, { staleTime: staleMs }));
  return { names: query.data ?? noProperties, loading: query.isPending };
}

const noProperties: readonly PropertyName[] = [];

/** The most frequent values that contain the text; the server searches all of them. */
export function usePropertyValues(
  property: PropertyRef,
  search: string,
  enabled: boolean,
): { values: readonly PropertyValueCount[]; loading: boolean } {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  // Keys of objects in lists have no list of values of their own.
  const { scope, groupKey, name } = property;
  const input = scope === 'item' ? skipToken : { projectId, scope, groupKey, name, search };
  const query = useQuery(
    trpc.names.values.queryOptions(enabled ? input : skipToken, {
      staleTime: staleMs,
      placeholderData: keepPreviousData,
    }),
  );
  return {
    values: query.data ?? noValues,
    loading: enabled && (query.isPending || query.isPlaceholderData),
  };
}

const noValues: readonly PropertyValueCount[] = [];

/** To be called when events of new kinds may have arrived. */
export function useForgetNames(): () => void {
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  return useCallback(() => {
    void queryClient.invalidateQueries(trpc.names.pathFilter());
  }, [queryClient, trpc]);
}
