import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema } from './rest-request.ts';

const projectParameters = z.object({ id: projectIdSchema });
/** Of lists of what was done, newest first. */
export const auditPageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
  /** What it was done to: the id of a definition, the identifier of a user. */
  target: z.string().optional(),
});

/** Who changed what in a project, newest first: for those who manage it. */
export function auditRoutes(app: FastifyInstance, deps: RestDeps): void {
  app.get('/api/v1/projects/:id/audit', async (request) => {
    const { id } = projectParameters.parse(request.params);
    const principal = await principalOf(request, deps);
    const project = await authorizeFor(principal, id, { deps, needed: 'admin' });
    return deps.services.audit.list(project.id, auditPageSchema.parse(request.query));
  });
}
