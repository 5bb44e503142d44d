import { type DataRequest, newDataRequestSchema } from '@arbor/schema/privacy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import { answerMixpanelErrors } from '../mixpanel/answer-error.ts';
import { type Parameters, readParameters } from '../mixpanel/parameters.ts';
import { type MixpanelDeps, readRawBodies } from '../mixpanel/routes.ts';
import { authorizeFor, principalOf } from '../rest/rest-request.ts';
import { requestIdSchema } from './privacy-input.ts';

/** As many as our own requests take. */
const idsMax = 2000;

/** One request a second a project (`query-api.md` 14). */
const rate = { window: 1, max: 1 };

const pathSchema = z.object({ tracking: requestIdSchema });

const kinds = [
  { kind: 'access', base: '/api/app/data-retrievals/v3.0' },
  { kind: 'erasure', base: '/api/app/data-deletions/v3.0' },
] as const;

type Kind = (typeof kinds)[number];

/** Mixpanel's API of data retrieval and deletion, version 3.0, over the same requests as our own. */
export function mixpanelDataRequests(
  app: FastifyInstance,
  deps: MixpanelDeps & { readonly apiUrl: string },
): void {
  void app.register((scope, _options, done) => {
    readRawBodies(scope);
    answerMixpanelErrors(scope, deps.logger);
    for (const kind of kinds) {
      createRoute(scope, deps, kind);
      statusRoute(scope, deps, kind);
    }
    cancelRoute(scope, deps);
    done();
  });
}

type Deps = MixpanelDeps & { readonly apiUrl: string };

function createRoute(scope: FastifyInstance, deps: Deps, { kind, base }: Kind): void {
  for (const url of [base, `${base}/`]) {
    scope.post(url, async (request) => {
      const parameters = await readParameters(request);
      const { project, by } = await gate(request, parameters, deps);
      const { allowed, retryAfter } = await deps.services.rateLimiter.consume(
        `data-requests:${project.id}`,
        rate,
      );
      if (!allowed) {
        const retryAfterSeconds = retryAfter ?? 1;
        throw new ApiError('OVERLOADED', 'more than one request a second', { retryAfterSeconds });
      }
      const asked = newDataRequestSchema.parse({
        kind,
        distinctIds: idsOf(parameters),
        complianceType: parameters.text('compliance_type')?.toUpperCase(),
        disclosureType: capital(parameters.text('disclosure_type')),
      });
      const made = await deps.services.privacy.create(project, asked, by);
      return { status: 'ok', results: [{ ...shownOf(made, project), task_id: made.id }] };
    });
  }
}

/** Checked here, where they have the name that the caller gave them. */
function idsOf(parameters: Parameters): string[] {
  const ids = parameters.texts('distinct_ids') ?? [];
  if (ids.length >= 1 && ids.length <= idsMax) return ids;
  return parameters.refuse('distinct_ids', `must be 1 to ${idsMax} ids, not ${ids.length}`);
}

function statusRoute(scope: FastifyInstance, deps: Deps, { kind, base }: Kind): void {
  const handler = async (request: FastifyRequest): Promise<object> => {
    const { project } = await gate(request, await readParameters(request), deps);
    const { tracking } = pathSchema.parse(request.params);
    const found = await deps.services.privacy.get(project, tracking).catch(unknownAsNull);
    if (found === null || found.kind !== kind) {
      return { status: 'ok', results: { tracking_id: tracking, status: 'NOT_FOUND' } };
    }
    const link = found.link === null ? '' : `${deps.apiUrl}${found.link.path}&format=zip`;
    const retrieved = kind === 'access' ? { result: link, results: link } : {};
    return { status: 'ok', results: { ...shownOf(found, project), ...retrieved } };
  };
  for (const url of pathsOf(base)) scope.get(url, handler);
}

function cancelRoute(scope: FastifyInstance, deps: Deps): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { project, by } = await gate(request, await readParameters(request), deps);
    const { tracking } = pathSchema.parse(request.params);
    try {
      await deps.services.privacy.cancel(project, tracking, by);
      return await reply.code(204).send();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'CONFLICT') throw error;
      return reply.code(405).send({ error: error.message, status: 'error' });
    }
  };
  for (const url of pathsOf(kinds[1].base)) scope.delete(url, handler);
}

/** Older clients end a path with a slash. */
const pathsOf = (base: string): readonly string[] => [`${base}/:tracking`, `${base}/:tracking/`];

/**
 * The project whose token is given, for its admins. Mixpanel's scripts send a bearer token there: a service account's
 * `username:secret` in its place is taken as if it came by HTTP Basic.
 */
async function gate(
  request: FastifyRequest,
  parameters: Parameters,
  deps: Deps,
): Promise<{ readonly project: AuthorizedProject; readonly by: Principal }> {
  const { headers } = request;
  headers.authorization = headers.authorization?.replace(/^bearer\s+/i, 'Basic ');
  const by = await principalOf(request, deps);
  if (by.type === 'guest') throw new ApiError('UNAUTHENTICATED', 'this needs credentials');
  const record = await deps.services.projects.byToken(parameters.required('token'));
  if (record === null) throw new ApiError('FORBIDDEN', 'these credentials open no such project');
  try {
    return { project: await authorizeFor(by, record.id, { deps, needed: 'admin' }), by };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'NOT_FOUND') throw error;
    throw new ApiError('FORBIDDEN', 'these credentials open no such project', { cause: error });
  }
}

function shownOf(request: DataRequest, project: AuthorizedProject): Record<string, unknown> {
  const { id, status, complianceType, disclosureType, createdAt, requestedBy, distinctIds } =
    request;
  return {
    tracking_id: id,
    status,
    requesting_user: requestedBy,
    compliance_type: complianceType.toLowerCase(),
    disclosure_type: disclosureType.toUpperCase(),
    project_id: project.id,
    date_requested: createdAt,
    destination_url: null,
    distinct_ids: distinctIds ?? [],
    distinct_id_count: request.distinctIdCount,
  };
}

/** `DATA` and `data` are `Data`. */
function capital(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

function unknownAsNull(error: unknown): null {
  if (error instanceof ApiError && error.code === 'NOT_FOUND') return null;
  throw error;
}
