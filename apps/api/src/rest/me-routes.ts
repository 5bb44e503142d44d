import type { FastifyInstance } from 'fastify';
import { meOf } from '../projects/me.ts';
import { pageOf, pageQuerySchema } from './page-of.ts';
import type { RestDeps } from './rest-request.ts';
import { principalOf } from './rest-request.ts';

/** Who the credentials are of, and what they open. */
export function meRoutes(app: FastifyInstance, deps: RestDeps): void {
  app.get('/api/v1/me', async (request) => meOf(await principalOf(request, deps), deps.services));

  app.get('/api/v1/projects', async (request) => {
    const asked = pageQuerySchema.parse(request.query);
    const { projects } = await meOf(await principalOf(request, deps), deps.services);
    const { page, next } = pageOf(projects, ({ id }) => String(id).padStart(16, '0'), asked);
    return { projects: page, next };
  });
}
