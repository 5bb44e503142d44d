'use client';

import type { LiveEntry } from '@arbor/schema/live';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useProject } from '#api/project-context.tsx';
import { mayChangeUsers } from '#api/roles.ts';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { useNow } from '#format/use-now.ts';
import { useForgetNames } from '#report/names.ts';
import { strangersOf, withArrival, type Arrivals, type Stranger } from './model.ts';
import { fetchSdkDescription, type SdkDescription } from './sdk-description.ts';

/** The token of this project; it is no secret, it stands in every page of the customer. */
export function useProjectToken(): string | undefined {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  return useQuery(trpc.project.get.queryOptions({ projectId })).data?.token;
}

/** Where this installation serves the SDK; undefined until that is known. */
export function useSdkDescription(apiUrl: string): SdkDescription | undefined {
  return useQuery({
    queryKey: ['sdk-description', apiUrl],
    queryFn: () => fetchSdkDescription(apiUrl),
    staleTime: Infinity,
    retry: false,
  }).data;
}

/** Listens until the first event and keeps the last refusals. */
export function useArrivals(): Arrivals {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const forgetNames = useForgetNames();
  const [arrivals, setArrivals] = useState<Arrivals>({ first: null, rejected: [] });
  useEffect(() => {
    const subscription = api.live.entries.subscribe(
      { projectId, filter: {} },
      {
        onData: ({ data }: { readonly data: LiveEntry }) => {
          setArrivals((before) => withArrival(before, data));
          if (data.kind === 'event') forgetNames();
        },
      },
    );
    return () => subscription.unsubscribe();
  }, [api, projectId, forgetNames]);
  return arrivals;
}

const strangersEveryMs = 2000;

/** What came lately with a token that no project has: why a page that sends is not heard. Only who gives tokens away is told. */
export function useStrangers(listening: boolean): readonly Stranger[] {
  const trpc = useTRPC();
  const { id: projectId, role } = useProject();
  const now = useNow();
  const { data } = useQuery(
    trpc.ingestHealth.refused.queryOptions(
      { projectId, unknownTokens: true, limit: 20 },
      {
        enabled: listening && mayChangeUsers(role),
        staleTime: 0,
        refetchInterval: strangersEveryMs,
      },
    ),
  );
  return data === undefined ? [] : strangersOf(data.records, now);
}
