import type { Readiness } from '@arbor/runtime/health-server';
import type { Logger } from '@arbor/runtime/logger';
import type { FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import type { Accounts } from './auth/accounts.ts';
import { authRoutes } from './auth/auth-routes.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { refuseForeignOrigin } from './auth/session-guard.ts';
import { webHeaders } from './auth/web-headers.ts';
import { registerEdge } from './edge/edge.ts';
import type { EdgeDeps } from './edge/ports.ts';
import { healthRoutes } from './health/health-routes.ts';
import { mixpanelDataRequests } from './privacy/mixpanel-data-requests.ts';
import { mixpanelRoutes } from './mixpanel/routes.ts';
import type { KeptAnswers } from './idempotency/ports.ts';
import { ownApi } from './rest/own-api.ts';
import { chargeOf, enterLimits, RequestLimits } from './rest/request-limits.ts';
import { answerErrors, answerUnknownPaths } from './rest/rest-errors.ts';
import { readRefusedBodies } from './refused-bodies.ts';
import type { SdkFiles } from './sdk/load-sdk.ts';
import { sdkRoute } from './sdk/sdk-route.ts';
import type { Services } from './services.ts';
import type { Context } from './trpc/context.ts';
import { toTrpcError } from './trpc/procedures.ts';
import type { AppRouter } from './trpc/router.ts';
import { appRouter } from './trpc/router.ts';

export interface AppDeps {
  readonly services: Services;
  readonly accounts: Accounts;
  readonly authenticator: Authenticator;
  readonly edge: EdgeDeps;
  readonly keptAnswers: KeptAnswers;
  readonly requestLimits: RequestLimits;
  readonly ready: () => Promise<Readiness>;
  readonly sdk: { readonly path: string; readonly load: () => Promise<SdkFiles> };
  readonly logger: Logger;
  /** The API's own address, as links name it. */
  readonly apiUrl: string;
  /** The origin browsers see. */
  readonly webUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly zones: readonly string[];
  /** Whose X-Forwarded-For counts, in Fastify's words. */
  readonly trustProxy: string;
}

/** Everything that answers on the API port. Does not listen; closing it ends its streams' connections. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    trustProxy: deps.trustProxy,
    // Fastify's own 503 while closing carries no CORS headers, and mixpanel-browser drops what it cannot read.
    return503OnClosing: false,
    // A query in a URL, and Mixpanel clients that send by GET, need more than Node's 16 KB.
    http: { maxHeaderSize: 64 * 1024 },
    // A batch of tRPC calls is one path parameter; the default of 100 characters answers it with 404.
    routerOptions: { maxParamLength: 5000 },
  });
  readRefusedBodies(app);
  answerErrors(app, deps.logger);
  answerUnknownPaths(app);
  healthRoutes(app, deps.ready);
  sdkRoute(app, deps.sdk);
  registerEdge(app, deps.edge);
  await app.register(authRoutes, { accounts: deps.accounts, webUrl: deps.webUrl });
  await app.register(fastifyTRPCPlugin<AppRouter>, { prefix: '/trpc', ...trpcOptions(deps) });
  await ownApi(app, deps);
  mixpanelDataRequests(app, { ...deps, clock: deps.edge.clock });
  mixpanelRoutes(app, { ...deps, clock: deps.edge.clock });
  return app;
}

function trpcOptions(deps: AppDeps): Pick<FastifyTRPCPluginOptions<AppRouter>, 'trpcOptions'> {
  const { services, authenticator, trustedOrigins, logger } = deps;
  // Of its own: what a script asks does not take from what its person sees in the dashboard.
  const limits = new RequestLimits(deps.requestLimits.options, deps.edge.clock);
  return {
    trpcOptions: {
      router: appRouter,
      // A query that is too long for a URL may come by POST.
      allowMethodOverride: true,
      createContext: async ({ req, res }): Promise<Context> => {
        try {
          const over = enterLimits(limits, req, res);
          if (over !== null) throw over;
          const principal = await authenticator.bySession(webHeaders(req.headers));
          const { method } = req;
          const { origin } = req.headers;
          refuseForeignOrigin(principal, { method, origin }, trustedOrigins);
          return { principal, services, clientAddress: req.ip, charge: chargeOf(req) };
        } catch (error) {
          throw toTrpcError(error);
        }
      },
      onError: ({ error, path }) => {
        if (error.code !== 'INTERNAL_SERVER_ERROR') return;
        logger.error({ err: error.cause?.cause ?? error.cause ?? error, path }, 'a call failed');
      },
    },
  };
}
