import type { FastifyInstance } from 'fastify';
import { propertiesInputSchema, valuesInputSchema } from '../dqs/names-input.ts';
import { frequencyKey, pageOf, pageQuerySchema } from './page-of.ts';
import type { RestDeps } from './rest-request.ts';
import { projectOf, signalOf } from './rest-request.ts';

/** `GET /api/v1/names/…`: the names that exist in a project's data, most frequent first. */
export function namesRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { names } = deps.services;

  app.get('/api/v1/names/events', async (request, reply) => {
    const project = await projectOf(request, deps);
    const asked = pageQuerySchema.parse(request.query);
    const { events } = await names.names({ project, signal: signalOf(reply, deps) });
    const { page, next } = pageOf(events, ({ count, name }) => frequencyKey(count, name), asked);
    return { events: page, next };
  });

  app.get('/api/v1/names/properties', async (request, reply) => {
    const project = await projectOf(request, deps);
    const { scope } = propertiesInputSchema.parse(request.query);
    const asked = pageQuerySchema.parse(request.query);
    const { properties } = await names.names({ project, signal: signalOf(reply, deps) });
    const { page, next } = pageOf(
      properties.filter((property) => scope === undefined || property.scope === scope),
      (property) => frequencyKey(property.count, `${property.name}\0${property.scope}`),
      asked,
    );
    return { properties: page, next };
  });

  app.get('/api/v1/names/values', async (request, reply) => {
    const project = await projectOf(request, deps);
    const asked = valuesInputSchema.parse(request.query);
    const { values } = await names.names({ project, values: asked, signal: signalOf(reply, deps) });
    return { values };
  });

  app.get('/api/v1/names/groups', async (request, reply) => {
    const project = await projectOf(request, deps);
    const { groups = [] } = await names.names({ project, signal: signalOf(reply, deps) });
    return { groups };
  });
}
