import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import { auditRoutes } from './audit-routes.ts';
import { dataRoutes } from './data-routes.ts';
import { definitionRoutes } from './definition-routes.ts';
import { idempotentWrites, type IdempotencyDeps } from './idempotent-writes.ts';
import { identityRoutes } from './identity-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { meRoutes } from './me-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { namesRoutes } from './names-routes.ts';
import { openApiRoute } from './openapi.ts';
import { organizationRoutes } from './organization-routes.ts';
import { privacyRoutes } from './privacy-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { queryRoute } from './query-route.ts';
import { limitRequests, type RequestLimits } from './request-limits.ts';
import { savedRoutes } from './saved-routes.ts';
import { userListRoutes } from './user-list-routes.ts';
import { userRoutes } from './user-routes.ts';

export interface OwnApiDeps extends IdempotencyDeps {
  readonly requestLimits: RequestLimits;
}

/** Everything under `/api/v1`: what is asked and changed by scripts. Limits and repeated writes hold for all of it. */
export async function ownApi(app: FastifyInstance, deps: OwnApiDeps): Promise<void> {
  await app.register(async (scope) => {
    limitRequests(scope, deps.requestLimits);
    refusePackedBodies(scope);
    idempotentWrites(scope, deps);
    queryRoute(scope, deps);
    meRoutes(scope, deps);
    namesRoutes(scope, deps);
    liveRoutes(scope, deps);
    projectRoutes(scope, deps);
    organizationRoutes(scope, deps);
    memberRoutes(scope, deps);
    await definitionRoutes(scope, deps);
    userRoutes(scope, deps);
    await userListRoutes(scope, deps);
    identityRoutes(scope, deps);
    privacyRoutes(scope, deps);
    auditRoutes(scope, deps);
    savedRoutes(scope, deps);
    dataRoutes(scope, deps);
    openApiRoute(scope);
  });
}

/** Unpacked by nobody, such a body would be refused as no JSON: its sender would look for the mistake there. */
function refusePackedBodies(scope: FastifyInstance): void {
  scope.addHook('onRequest', (request, _reply, done) => {
    const packing = request.headers['content-encoding'] ?? 'identity';
    if (packing.toLowerCase() === 'identity') done();
    else {
      const why = `content-encoding: "${packing.slice(0, 50)}" is not taken here, send the body as it is`;
      done(new ApiError('INVALID_REQUEST', why));
    }
  });
}
