import { Readable } from 'node:stream';
import { newDataRequestSchema, privacyChangeSchema } from '@arbor/schema/privacy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { accessPath } from '../privacy/access-link.ts';
import { jsonArray, jsonLines } from '../privacy/json-lines.ts';
import {
  accessLinkSchema,
  requestCursorSchema,
  requestIdSchema,
} from '../privacy/privacy-input.ts';
import { zipFile } from '../privacy/zip-file.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema, signalOf } from './rest-request.ts';

const projectParameters = z.object({ id: projectIdSchema });
const requestParameters = z.object({ request: requestIdSchema });
const pageQuery = z.object({ cursor: requestCursorSchema.optional() });

const url = '/api/v1/projects/:id';
/** 2,000 identifiers of 512 characters. */
const bodyLimit = 8 * 1024 * 1024;

/** Requests of the people behind the data, and what a project keeps (reports.md 20): for admins. */
export function privacyRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { privacy } = deps.services;
  const gate = async (
    request: FastifyRequest,
  ): Promise<{ project: AuthorizedProject; by: Principal }> => {
    const { id } = projectParameters.parse(request.params);
    const by = await principalOf(request, deps);
    return { project: await authorizeFor(by, id, { deps, needed: 'admin' }), by };
  };

  app.post(`${url}/data-requests`, { bodyLimit }, async (request, reply) => {
    const { project, by } = await gate(request);
    const asked = newDataRequestSchema.parse(request.body);
    return reply.code(201).send({ request: await privacy.create(project, asked, by) });
  });

  app.get(`${url}/data-requests`, async (request) => {
    const { project } = await gate(request);
    return privacy.list(project, pageQuery.parse(request.query));
  });

  app.get(`${url}/data-requests/:request`, async (request) => {
    const { project } = await gate(request);
    const { request: id } = requestParameters.parse(request.params);
    return { request: await privacy.get(project, id) };
  });

  app.delete(`${url}/data-requests/:request`, async (request) => {
    const { project, by } = await gate(request);
    const { request: id } = requestParameters.parse(request.params);
    return { request: await privacy.cancel(project, id, by) };
  });

  app.get(`${url}/privacy-settings`, async (request) => {
    const { project } = await gate(request);
    return { privacySettings: await privacy.settings(project) };
  });

  app.put(`${url}/privacy-settings`, async (request) => {
    const { project, by } = await gate(request);
    const settings = privacyChangeSchema.parse(request.body);
    return { privacySettings: await privacy.setSettings(project, settings, by) };
  });

  downloadRoute(app, deps);
}

/** The link itself is the right to what it leads to, until it expires. */
function downloadRoute(app: FastifyInstance, deps: RestDeps): void {
  app.get(`${accessPath}/:request`, async (request, reply) => {
    const { request: id } = requestParameters.parse(request.params);
    const { expires, signature, format } = accessLinkSchema.parse(request.query);
    const signal = signalOf(reply, deps);
    const link = { request: id, expires, signature };
    const { lines } = await deps.services.privacy.download(link, signal);
    const isZip = format === 'zip';
    void reply
      .type(isZip ? 'application/zip' : 'application/x-ndjson')
      .header(
        'content-disposition',
        `attachment; filename="data-${id}.${isZip ? 'zip' : 'ndjson'}"`,
      )
      .header('cache-control', 'no-store');
    const body = isZip
      ? zipFile([{ name: 'data.json', pieces: jsonArray(lines) }])
      : jsonLines(lines);
    return reply.send(Readable.from(body));
  });
}
