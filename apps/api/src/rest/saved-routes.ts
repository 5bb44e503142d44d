import type { Role } from '@arbor/db/roles';
import { boardChangeSchema, newBoardSchema } from '@arbor/schema/boards';
import {
  newSavedReportSchema,
  savedIdSchema,
  savedReportChangeSchema,
} from '@arbor/schema/saved-reports';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { nameOf } from '../auth/name-of.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema } from './rest-request.ts';

const projectParameters = z.object({ id: projectIdSchema });
const numberOf = z.coerce.number().pipe(savedIdSchema);
const savedParameters = z.object({ saved: numberOf });
const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: numberOf.optional(),
  archived: z.stringbool().default(false),
});
const boardPageQuery = pageQuery.extend({
  report: numberOf.optional(),
  pinned: z.stringbool().optional(),
});

/** A query of a hundred conditions with its view, or a board of a hundred long texts. */
const bodyLimit = 4 * 1024 * 1024;

type Gate = (
  request: FastifyRequest,
  needed: Role,
) => Promise<{ readonly project: number; readonly actor: string }>;

/** Saved reports and boards (ux.md 10 and 18). */
export function savedRoutes(app: FastifyInstance, deps: RestDeps): void {
  const gate: Gate = async (request, needed) => {
    const { id } = projectParameters.parse(request.params);
    const by = await principalOf(request, deps);
    const project = await authorizeFor(by, id, { deps, needed });
    return { project: project.id, actor: nameOf(by) };
  };
  reportRoutes(app, deps, gate);
  boardRoutes(app, deps, gate);
}

const idOf = (request: FastifyRequest): number => savedParameters.parse(request.params).saved;

function reportRoutes(app: FastifyInstance, { services }: RestDeps, gate: Gate): void {
  const { savedReports } = services;
  const url = '/api/v1/projects/:id/reports';

  app.get(url, async (request) => {
    const { project } = await gate(request, 'consumer');
    return savedReports.list(project, pageQuery.parse(request.query));
  });

  app.post(url, { bodyLimit }, async (request, reply) => {
    const { project, actor } = await gate(request, 'analyst');
    const made = newSavedReportSchema.parse(request.body);
    return reply.code(201).send({ report: await savedReports.create(project, made, actor) });
  });

  app.get(`${url}/:saved`, async (request) => {
    const { project } = await gate(request, 'consumer');
    return { report: await savedReports.get(project, idOf(request)) };
  });

  app.patch(`${url}/:saved`, { bodyLimit }, async (request) => {
    const { project, actor } = await gate(request, 'analyst');
    const change = savedReportChangeSchema.parse(request.body);
    return { report: await savedReports.change(project, idOf(request), change, actor) };
  });
}

function boardRoutes(app: FastifyInstance, { services }: RestDeps, gate: Gate): void {
  const { boards } = services;
  const url = '/api/v1/projects/:id/boards';

  app.get(url, async (request) => {
    const { project } = await gate(request, 'consumer');
    return boards.list(project, boardPageQuery.parse(request.query));
  });

  app.post(url, { bodyLimit }, async (request, reply) => {
    const { project, actor } = await gate(request, 'analyst');
    const made = newBoardSchema.parse(request.body);
    return reply.code(201).send({ board: await boards.create(project, made, actor) });
  });

  app.get(`${url}/:saved`, async (request) => {
    const { project } = await gate(request, 'consumer');
    return { board: await boards.get(project, idOf(request)) };
  });

  app.patch(`${url}/:saved`, { bodyLimit }, async (request) => {
    const { project, actor } = await gate(request, 'analyst');
    const change = boardChangeSchema.parse(request.body);
    return { board: await boards.change(project, idOf(request), change, actor) };
  });
}
