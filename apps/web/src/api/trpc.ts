import { QueryClient } from '@tanstack/react-query';
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  type HTTPBatchLinkOptions,
  type TRPCClient,
} from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import superjson from 'superjson';
import type { AppRouter } from './app-router.ts';
import { connection } from './connection.ts';
import { unreachableHeader } from './unreachable.ts';

export type Api = TRPCClient<AppRouter>;
export type ApiOutputs = inferRouterOutputs<AppRouter>;
export type ApiError = TRPCClientError<AppRouter>;
export type Session = ApiOutputs['session']['me'];
export type SessionProject = Session['projects'][number];
export type SetupStatus = ApiOutputs['setup']['status'];

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/**
 * A report, and a list of a number of it, may be longer than an address can be; the token of an invitation must not be in one, as
 * proxies write addresses down.
 */
const askedByPost: ReadonlySet<string> = new Set(['query.run', 'invitations.offered']);

/** The browser's client: everything goes to the dashboard's own origin, streams as server-sent events. */
export function createApiClient(): Api {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: '/trpc', transformer: superjson }),
        false: splitLink({
          condition: (operation) => askedByPost.has(operation.path),
          true: httpBatchLink({ ...overHttp, methodOverride: 'POST' }),
          false: httpBatchLink(overHttp),
        }),
      }),
    ],
  });
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // An answer of the API is final; only a lost connection is worth a second try.
        retry: (failures, error) => isConnectionError(error) && failures < 3,
      },
    },
  });
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof TRPCClientError;
}

/** True when no answer came at all, false when the API answered with an error. */
export function isConnectionError(error: unknown): boolean {
  return isApiError(error) && error.data === undefined;
}

type FetchEsque = NonNullable<
  HTTPBatchLinkOptions<AppRouter['_def']['_config']['$types']>['fetch']
>;

/** Tells the connection bar how each request went. */
const watchedFetch: FetchEsque = async (input, init) => {
  try {
    // tRPC's init says "undefined" where the platform's says "absent"; fetch takes both.
    const response = await fetch(input, init as RequestInit);
    if (response.headers.has(unreachableHeader)) {
      connection.lost();
      throw new TypeError('the API does not answer');
    }
    connection.restored();
    return response;
  } catch (error) {
    const aborted = init?.signal?.aborted === true;
    if (!aborted && error instanceof TypeError) connection.lost();
    throw error;
  }
};

const overHttp = { url: '/trpc', transformer: superjson, fetch: watchedFetch };
