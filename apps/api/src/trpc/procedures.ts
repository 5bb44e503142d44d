import type { Role } from '@arbor/db/roles';
import { initTRPC, TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import superjson from 'superjson';
import { z } from 'zod';
import { authorizeOrganization } from '../auth/authorize-organization.ts';
import { authorize } from '../auth/authorize.ts';
import { describeIssues } from '../describe-issues.ts';
import type { ApiErrorBody, ApiErrorCode } from '../errors.ts';
import { ApiError, toApiError } from '../errors.ts';
import { isProjectId } from '../projects/project-fields.ts';
import { organizationIdSchema } from '../service-accounts/service-account-input.ts';
import type { Context } from './context.ts';

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  // Proxies close what is silent; a client that hears nothing for two pings and a half reconnects.
  sse: {
    ping: { enabled: true, intervalMs: 3000 },
    client: { reconnectAfterInactivityMs: 8000 },
  },
  errorFormatter: ({ shape, error }) => {
    const { code, httpStatus, path } = shape.data;
    const arbor = errorBody(error);
    // No stack: it is in the log, and not for strangers.
    return { ...shape, message: arbor.message, data: { code, httpStatus, path, arbor } };
  },
});

export const { router } = t;

const trpcCodes: Readonly<Record<ApiErrorCode, TRPC_ERROR_CODE_KEY>> = {
  INVALID_REQUEST: 'BAD_REQUEST',
  INVALID_QUERY: 'BAD_REQUEST',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  IDEMPOTENCY_KEY_IN_USE: 'CONFLICT',
  IDEMPOTENCY_KEY_REUSED: 'UNPROCESSABLE_CONTENT',
  RATE_LIMITED: 'TOO_MANY_REQUESTS',
  TOO_MANY_AT_ONCE: 'TOO_MANY_REQUESTS',
  OVERLOADED: 'TOO_MANY_REQUESTS',
  CANCELLED: 'CLIENT_CLOSED_REQUEST',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  TIMEOUT: 'GATEWAY_TIMEOUT',
};

/** Errors of tRPC's own (bad input, no such procedure) stay; the others get the code of ours. */
export function toTrpcError(error: unknown): TRPCError {
  const thrown = error instanceof TRPCError ? error.cause : error;
  const own = error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR';
  if (own && !(thrown instanceof ApiError)) return error;
  const cause = toApiError(thrown);
  return new TRPCError({ code: trpcCodes[cause.code], message: cause.message, cause });
}

/**
 * The same for an error inside a stream that must end with it. The client takes codes of the 5xx kind
 * for a lost connection and asks again for ever; a person should decide that here.
 */
export function toFinalTrpcError(error: unknown): TRPCError {
  const { cause, message } = toTrpcError(error);
  return new TRPCError({ code: 'PRECONDITION_FAILED', message, cause });
}

/** What tRPC itself says of a request that never reached a procedure. */
const unreadable: ReadonlySet<TRPC_ERROR_CODE_KEY> = new Set([
  'BAD_REQUEST',
  'PARSE_ERROR',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
]);

/** `data.arbor` of every error: the API's own code, text and advice. */
function errorBody(error: TRPCError): ApiErrorBody {
  if (error.cause instanceof ApiError) return error.cause.body();
  if (error.cause instanceof z.ZodError) {
    return new ApiError('INVALID_REQUEST', describeIssues(error.cause)).body();
  }
  if (error.code === 'NOT_FOUND' || error.code === 'METHOD_NOT_SUPPORTED') {
    return new ApiError('NOT_FOUND', 'there is no such procedure').body();
  }
  if (unreadable.has(error.code)) {
    return new ApiError('INVALID_REQUEST', 'the request cannot be read').body();
  }
  return toApiError(error.cause ?? error).body();
}

const translateErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

/** For what anybody may ask. */
export const publicProcedure = t.procedure.use(translateErrors);

const projectInput = z.object({
  projectId: z.number().refine(isProjectId, { error: 'must be the number of a project' }),
});

/**
 * For everything inside a project: the procedure gets a project in which the caller has at least this role, or
 * does not run. There is no other way to one.
 */
export const projectProcedureFor = (needed: Role) =>
  publicProcedure.input(projectInput).use(async ({ ctx, input, next }) => {
    const { services, principal } = ctx;
    const project = authorize(principal, await services.projects.byId(input.projectId), {
      projectId: input.projectId,
      needed,
      demo: services.demo,
    });
    return next({ ctx: { ...ctx, project } });
  });

const organizationInput = z.object({ organizationId: organizationIdSchema });

/** The same for what is managed in an organisation: its service accounts, its members. */
export const organizationProcedureFor = (needed: Role) =>
  publicProcedure.input(organizationInput).use(({ ctx, input, next }) =>
    next({
      ctx: {
        ...ctx,
        organization: authorizeOrganization(ctx.principal, input.organizationId, needed),
      },
    }),
  );

/** For what everybody may do who may read the project. */
export const projectProcedure = projectProcedureFor('consumer');
