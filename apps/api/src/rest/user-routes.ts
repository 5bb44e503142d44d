import { activityRequestSchema } from '@arbor/schema/query';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { identifierSchema, profileEditsSchema } from '../users/users-input.ts';
import { chargeOf } from './request-limits.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema, signalOf } from './rest-request.ts';

const projectParameters = z.object({ id: projectIdSchema });
const userParameters = projectParameters.extend({ user: identifierSchema });
const editBody = z.object({ edits: profileEditsSchema });

/** Users one by one (reports.md 10): `/api/v1/projects/:id/users/:user`, by any identifier. */
export function userRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { users } = deps.services;
  const url = '/api/v1/projects/:id/users/:user';

  app.get(url, async (request, reply) => {
    const { id, user } = userParameters.parse(request.params);
    const project = await authorizeFor(await principalOf(request, deps), id, {
      deps,
      needed: 'consumer',
    });
    const signal = signalOf(reply, deps);
    return { profile: await users.profile({ project, identifier: user, signal }) };
  });

  app.get(`${url}/near`, async (request) => {
    const { id, user } = userParameters.parse(request.params);
    const project = await authorizeFor(await principalOf(request, deps), id, {
      deps,
      needed: 'consumer',
    });
    return { identifiers: await users.near({ project, identifier: user }) };
  });

  app.get(`${url}/cohorts`, async (request, reply) => {
    const { id, user } = userParameters.parse(request.params);
    const project = await authorizeFor(await principalOf(request, deps), id, {
      deps,
      needed: 'consumer',
    });
    const signal = signalOf(reply, deps);
    return users.cohorts({ project, identifier: user, signal, charge: chargeOf(request) });
  });

  app.post(`${url}/activity`, { config: { asks: true } }, async (request, reply) => {
    const { id, user } = userParameters.parse(request.params);
    const project = await authorizeFor(await principalOf(request, deps), id, {
      deps,
      needed: 'consumer',
    });
    const activity = activityRequestSchema.parse(request.body ?? {});
    const signal = signalOf(reply, deps);
    return users.activity({ project, identifier: user, activity, signal });
  });

  app.patch(`${url}/profile`, async (request, reply) => {
    const { id, user } = userParameters.parse(request.params);
    const by = await principalOf(request, deps);
    const project = await authorizeFor(by, id, { deps, needed: 'admin' });
    const { edits } = editBody.parse(request.body);
    await users.edit({ project, identifier: user, edits, by, signal: signalOf(reply, deps) });
    return reply.code(202).send({ accepted: true });
  });
}
