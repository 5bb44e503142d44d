'use client';

import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useEffect, useState, type ReactNode } from 'react';
import { connection } from './connection.ts';
import { createApiClient, createQueryClient, TRPCProvider, type Api } from './trpc.ts';

/** Everything below may call the API and read the URL's state. */
export function Providers({ children }: { readonly children: ReactNode }): ReactNode {
  const [clients] = useState(() => ({ query: createQueryClient(), api: createApiClient() }));
  useReconnect(clients.query, clients.api);
  return (
    <QueryClientProvider client={clients.query}>
      <TRPCProvider trpcClient={clients.api} queryClient={clients.query}>
        <NuqsAdapter>{children}</NuqsAdapter>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

/** Asks for the session until the API answers, then repeats what had failed meanwhile. */
function useReconnect(queryClient: QueryClient, api: Api): void {
  useEffect(
    () =>
      connection.retryWith(async () => {
        await api.session.me.query();
        await queryClient.invalidateQueries({
          predicate: (query) => query.state.status === 'error',
        });
      }),
    [api, queryClient],
  );
}
