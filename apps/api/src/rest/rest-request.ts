import type { Role } from '@arbor/db/roles';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Authenticator } from '../auth/authenticate.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { authorize } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { refuseForeignOrigin } from '../auth/session-guard.ts';
import { webHeaders } from '../auth/web-headers.ts';
import { ApiError } from '../errors.ts';
import type { ProjectRecord } from '../projects/ports.ts';
import { isProjectId } from '../projects/project-fields.ts';
import type { Services } from '../services.ts';

export interface RestDeps {
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly trustedOrigins: readonly string[];
  readonly zones: readonly string[];
}

export async function principalOf(request: FastifyRequest, deps: RestDeps): Promise<Principal> {
  const principal = await deps.authenticator.byRequest(webHeaders(request.headers));
  const { method } = request;
  const { origin } = request.headers;
  refuseForeignOrigin(principal, { method, origin }, deps.trustedOrigins);
  return principal;
}

export const projectIdSchema = z.coerce
  .number()
  .refine(isProjectId, { error: 'must be the number of a project' });

const projectQuery = z.object({ project_id: projectIdSchema.optional() });

/** The project a request is about (`?project_id=`, or the one whose secret was sent), and the right to it. */
export async function projectOf(
  request: FastifyRequest,
  deps: RestDeps,
  needed: Role = 'consumer',
): Promise<AuthorizedProject> {
  const record = recordAskedFor(request, deps);
  const principal = await principalOf(request, deps);
  const { project_id: given } = projectQuery.parse(request.query);
  const implied = principal.type === 'project_secret' ? principal.projectId : undefined;
  const projectId = given ?? implied;
  if (projectId === undefined) {
    if (principal.type === 'guest') {
      throw new ApiError('UNAUTHENTICATED', 'this needs credentials and a project_id');
    }
    throw new ApiError('INVALID_REQUEST', 'project_id: is missing from the query string');
  }
  return authorizeFor(principal, projectId, {
    deps,
    needed,
    ...(given !== undefined && { record }),
  });
}

/** Looked up while the caller is: a query waits for both. What is not his he is not told all the same. */
function recordAskedFor(
  request: FastifyRequest,
  { services }: RestDeps,
): Promise<ProjectRecord | null> | undefined {
  const id = projectQuery.safeParse(request.query).data?.project_id;
  const record = id === undefined ? undefined : services.projects.byId(id);
  // It is awaited once the caller is known; until then a failure must not count as unhandled.
  record?.catch(() => undefined);
  return record;
}

/**
 * As the gate of tRPC, but somebody who sent no credentials at all is told to send some, which says
 * nothing about whether the project exists.
 */
export async function authorizeFor(
  principal: Principal,
  projectId: number,
  {
    deps,
    needed,
    record,
  }: {
    readonly deps: RestDeps;
    readonly needed: Role;
    /** The project, where it is being looked up already. */
    readonly record?: Promise<ProjectRecord | null> | undefined;
  },
): Promise<AuthorizedProject> {
  const { projects, demo } = deps.services;
  try {
    const project = await (record ?? projects.byId(projectId));
    return authorize(principal, project, { projectId, needed, demo });
  } catch (error) {
    if (principal.type !== 'guest' || !(error instanceof ApiError)) throw error;
    throw new ApiError('UNAUTHENTICATED', 'this needs credentials', { cause: error });
  }
}

/** Aborts when the client goes away before its answer, or the process shuts down. */
export function signalOf(reply: FastifyReply, { services }: RestDeps): AbortSignal {
  const gone = new AbortController();
  const { signal, end } = services.requests.open(gone.signal);
  // Comes at the end of every response, sent whole or not.
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
    end();
  });
  return signal;
}
