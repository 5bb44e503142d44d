import {
  importCheckSchema,
  importRowsSchema,
  importStateSchema,
  newImportSchema,
} from '@arbor/schema/imports';
import { healthSpanSchema } from '@arbor/schema/ingestion-health';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refusedInputSchema, refusedOf } from '../health/health-input.ts';
import { importIdSchema, importPageSchema } from '../imports/import-input.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema } from './rest-request.ts';

const projectParameters = z.object({ id: projectIdSchema });
const importParameters = z.object({ import: z.coerce.number().pipe(importIdSchema) });
const healthQuery = z.object({ span: healthSpanSchema.default('hour') });
const stateBody = z.object({ state: importStateSchema });

const url = '/api/v1/projects/:id';
/** Rows of a request, in JSON inside JSON. */
const bodyLimit = 8 * 1024 * 1024;

/** How ingestion of a project is, what it refused, and files of events that are brought in. */
export function dataRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { ingestHealth } = deps.services;

  app.get(`${url}/ingest-health`, async (request) => {
    const { id } = projectParameters.parse(request.params);
    const by = await principalOf(request, deps);
    const project = await authorizeFor(by, id, { deps, needed: 'consumer' });
    const { span } = healthQuery.parse(request.query);
    return { ingestHealth: await ingestHealth.of(project.id, span) };
  });

  app.get(`${url}/refused-records`, async (request) => {
    const { id } = projectParameters.parse(request.params);
    const by = await principalOf(request, deps);
    const project = await authorizeFor(by, id, { deps, needed: 'consumer' });
    const { limit, cursor, unknownTokens, ...filter } = refusedInputSchema.parse(request.query);
    const of = await refusedOf(project, unknownTokens, deps.services.projects);
    return ingestHealth.refused(of, { filter, limit, cursor });
  });

  importRoutes(app, deps);
}

function importRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { imports } = deps.services;
  const gate = async (request: Parameters<typeof principalOf>[0], needed: 'consumer' | 'admin') => {
    const { id } = projectParameters.parse(request.params);
    const by = await principalOf(request, deps);
    return { project: await authorizeFor(by, id, { deps, needed }), by };
  };
  const idOf = (request: { readonly params: unknown }): number =>
    importParameters.parse(request.params).import;

  app.get(`${url}/imports`, async (request) => {
    const { project } = await gate(request, 'consumer');
    return imports.list(project.id, importPageSchema.parse(request.query));
  });

  app.post(`${url}/imports`, async (request, reply) => {
    const { project, by } = await gate(request, 'admin');
    const created = await imports.create(project, newImportSchema.parse(request.body), by);
    return reply.code(201).send({ import: created });
  });

  app.post(`${url}/imports/check`, { bodyLimit, config: { asks: true } }, async (request) => {
    const { project } = await gate(request, 'admin');
    const { rows } = importCheckSchema.parse(request.body);
    return { rows: await imports.check(project, rows) };
  });

  app.get(`${url}/imports/:import`, async (request) => {
    const { project } = await gate(request, 'consumer');
    return { import: await imports.get(project.id, idOf(request)) };
  });

  app.patch(`${url}/imports/:import`, async (request) => {
    const { project, by } = await gate(request, 'admin');
    const { state } = stateBody.parse(request.body);
    return { import: await imports.setState(project, idOf(request), { state, by }) };
  });

  app.post(`${url}/imports/:import/rows`, { bodyLimit }, async (request) => {
    const { project } = await gate(request, 'admin');
    return imports.add(project, idOf(request), importRowsSchema.parse(request.body));
  });
}
