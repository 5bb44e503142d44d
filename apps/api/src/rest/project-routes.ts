import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { changeProject, changeProjectSchema, rotateSecret } from '../projects/change-project.ts';
import { createProject, createProjectSchema } from '../projects/create-project.ts';
import { projectView } from '../projects/project-view.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema } from './rest-request.ts';

const parameters = z.object({ id: projectIdSchema });

export function projectRoutes(app: FastifyInstance, deps: RestDeps): void {
  app.get('/api/v1/projects/:id', async (request) => {
    const principal = await principalOf(request, deps);
    const { id } = parameters.parse(request.params);
    return {
      project: projectView(await authorizeFor(principal, id, { deps, needed: 'consumer' })),
    };
  });

  app.patch('/api/v1/projects/:id', async (request) => {
    const by = await principalOf(request, deps);
    const { id } = parameters.parse(request.params);
    const authorized = await authorizeFor(by, id, { deps, needed: 'admin' });
    const change = changeProjectSchema.parse(request.body);
    const { projects } = deps.services;
    return { project: await changeProject(projects, authorized, { change, by }) };
  });

  app.post('/api/v1/projects/:id/secret', async (request) => {
    const by = await principalOf(request, deps);
    const { id } = parameters.parse(request.params);
    const authorized = await authorizeFor(by, id, { deps, needed: 'admin' });
    return rotateSecret(deps.services.projects, authorized, by);
  });

  app.post('/api/v1/projects', async (request, reply) => {
    const principal = await principalOf(request, deps);
    const wanted = createProjectSchema.parse(request.body);
    const project = await createProject(deps.services.projects, principal, wanted);
    return reply.code(201).send({ project });
  });
}
