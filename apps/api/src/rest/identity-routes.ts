import type { Role } from '@arbor/db/roles';
import { identitySettingsSchema } from '@arbor/schema/identity';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import {
  cursorSchema,
  linkIdSchema,
  mergeInputSchema,
  refusalDaysSchema,
} from '../identity/identity-input.ts';
import { identifierSchema } from '../users/users-input.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema, signalOf } from './rest-request.ts';

const projectParameters = z.object({ id: projectIdSchema });
const userParameters = z.object({ user: identifierSchema });
const linkParameters = z.object({ link: linkIdSchema });
const logQuery = z.object({ cursor: cursorSchema.optional() });
const refusalsQuery = z.object({ days: refusalDaysSchema });

const url = '/api/v1/projects/:id/identity';

type Gate = (
  request: FastifyRequest,
  needed: Role,
) => Promise<{ project: AuthorizedProject; by: Principal }>;

/** Who is whom, and why (reports.md 13). */
export function identityRoutes(app: FastifyInstance, deps: RestDeps): void {
  const gate: Gate = async (request, needed) => {
    const { id } = projectParameters.parse(request.params);
    const by = await principalOf(request, deps);
    return { project: await authorizeFor(by, id, { deps, needed }), by };
  };
  readRoutes(app, deps, gate);
  changeRoutes(app, deps, gate);
}

function readRoutes(app: FastifyInstance, { services }: RestDeps, gate: Gate): void {
  const { identity } = services;

  app.get(`${url}/users/:user`, async (request) => {
    const { project } = await gate(request, 'consumer');
    return { user: await identity.userOf(project, userParameters.parse(request.params).user) };
  });

  app.get(`${url}/users/:user/links`, async (request) => {
    const { project } = await gate(request, 'consumer');
    const { user } = userParameters.parse(request.params);
    return identity.log(project, user, logQuery.parse(request.query).cursor);
  });

  app.get(`${url}/refusals`, async (request) => {
    const { project } = await gate(request, 'consumer');
    return identity.refusals(project, refusalsQuery.parse(request.query).days);
  });

  app.get(`${url}/settings`, async (request) => {
    const { project } = await gate(request, 'consumer');
    return { identitySettings: await identity.settings(project) };
  });

  app.get(`${url}/links/:link/preview`, async (request) => {
    const { project } = await gate(request, 'admin');
    return { split: await identity.preview(project, linkParameters.parse(request.params).link) };
  });
}

function changeRoutes(app: FastifyInstance, deps: RestDeps, gate: Gate): void {
  const { identity } = deps.services;
  /** 202 where the change is sure to come but was not carried out yet. */
  const answer = (reply: FastifyReply, change: { done: boolean }): FastifyReply =>
    reply.code(change.done ? 200 : 202).send(change);

  app.post(`${url}/merges`, async (request, reply) => {
    const { project, by } = await gate(request, 'admin');
    const users = mergeInputSchema.parse(request.body);
    const signal = signalOf(reply, deps);
    return answer(reply, await identity.merge(project, users, { by, signal }));
  });

  app.post(`${url}/links/:link/undo`, async (request, reply) => {
    const { project, by } = await gate(request, 'admin');
    const { link } = linkParameters.parse(request.params);
    const signal = signalOf(reply, deps);
    return answer(reply, await identity.undo(project, link, { by, signal }));
  });

  app.put(`${url}/settings`, async (request) => {
    const { project, by } = await gate(request, 'admin');
    const settings = identitySettingsSchema.parse(request.body);
    return { identitySettings: await identity.setSettings(project, settings, by) };
  });
}
