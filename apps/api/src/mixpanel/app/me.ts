import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '../../auth/principal.ts';
import { ApiError } from '../../errors.ts';
import { meOf } from '../../projects/me.ts';
import { principalOf, type RestDeps } from '../../rest/rest-request.ts';

/**
 * `GET /api/app/me` (`query-api.md` 18): who the credentials are and which projects they open, by their numbers. Clients
 * ask it to test credentials before they know of a project, so it stands beside the endpoints of projects.
 */
export function meRoute(scope: FastifyInstance, prefix: string, deps: RestDeps): void {
  const handler = async (request: FastifyRequest) => {
    const principal = await principalOf(request, deps);
    if (principal.type === 'guest') {
      throw new ApiError('UNAUTHENTICATED', 'this needs credentials');
    }
    return { status: 'ok', results: await resultsOf(principal, deps) };
  };
  for (const url of [`${prefix}/me`, `${prefix}/me/`]) scope.get(url, handler);
}

async function resultsOf(principal: Principal, { services }: RestDeps): Promise<object> {
  const { user, projects } = await meOf(principal, services);
  const organizations: Record<number, object> = {};
  const byId: Record<number, object> = {};
  for (const { id, name, organization, timezone, role } of projects) {
    const record = await services.projects.byId(id);
    if (record === null) continue;
    const { organizationId } = record;
    organizations[organizationId] = { id: organizationId, name: organization };
    byId[id] = { id, name, timezone, role, organization_id: organizationId, domain: '' };
  }
  const account = principal.type === 'service_account' ? principal.username : null;
  return {
    user_id: user?.id ?? null,
    user_name: user?.name ?? account,
    user_email: user?.email ?? null,
    organizations,
    projects: byId,
  };
}
