import type { Role } from '@arbor/db/roles';
import type { FastifyRequest } from 'fastify';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import { isProjectId } from '../projects/project-fields.ts';
import type { RestDeps } from '../rest/rest-request.ts';
import { authorizeFor, principalOf } from '../rest/rest-request.ts';
import type { Parameters } from './parameters.ts';

export interface Caller {
  readonly project: AuthorizedProject;
  readonly by: Principal;
}

/**
 * Who asks, and for which project (`query-api.md` 1.2): a service account with `project_id` (a parameter, or the header
 * `project-id`), a project's secret, which says by itself which project, or the dashboard's session.
 *
 * 401 for what is no credential, 403 for one that does not open this project: these clients know no 404 here, and
 * whether the project exists is still not told. `projectId` is that of a path that names one.
 */
export async function authenticate(
  request: FastifyRequest,
  parameters: Parameters,
  options: { readonly deps: RestDeps; readonly needed?: Role; readonly projectId?: number },
): Promise<Caller> {
  const { deps, needed = 'consumer' } = options;
  refuseSigned(request, parameters);
  const by = await principalOf(request, deps);
  const projectId = options.projectId ?? projectIdOf(request, parameters, by);
  try {
    return { project: await authorizeFor(by, projectId, { deps, needed }), by };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'NOT_FOUND') throw error;
    throw new ApiError('FORBIDDEN', `these credentials do not open project ${projectId}`, {
      cause: error,
    });
  }
}

/** A way in that Mixpanel knows and Arbor does not: the text says what to send instead. */
function refuseSigned({ headers }: FastifyRequest, parameters: Parameters): void {
  if (headers.authorization === undefined && parameters.text('sig') !== undefined) {
    // The signature is made with the secret itself, of which only a hash is kept.
    throw new ApiError(
      'UNAUTHENTICATED',
      'signed requests (api_key, expire, sig) are not supported: send the project secret by HTTP Basic',
    );
  }
}

function projectIdOf(
  { headers }: FastifyRequest,
  parameters: Parameters,
  principal: Principal,
): number {
  const given = parameters.text('project_id') ?? headers['project-id'];
  if (given === undefined) {
    if (principal.type === 'project_secret') return principal.projectId;
    if (principal.type === 'guest') {
      throw new ApiError('UNAUTHENTICATED', 'this needs credentials and a project_id');
    }
    throw new ApiError('INVALID_REQUEST', 'project_id: is missing');
  }
  const projectId = Number(given);
  if (!isProjectId(projectId)) {
    throw new ApiError(
      'INVALID_REQUEST',
      `project_id: "${String(given)}" is no number of a project`,
    );
  }
  return projectId;
}
