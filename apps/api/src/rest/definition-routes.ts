import { Readable } from 'node:stream';
import type { Role } from '@arbor/db/roles';
import type { DefinitionKind } from '@arbor/schema/definitions';
import {
  definitionChangeSchema,
  lexiconEntitySchema,
  lexiconSettingsSchema,
  newDefinitionSchema,
  sessionSettingsSchema,
} from '@arbor/schema/definitions';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { definitionKinds, kindsOfDefinitions } from '../definitions/definition-kinds.ts';
import type { UploadedKind } from '../definitions/ports.ts';
import { pageOf, pageQuerySchema } from './page-of.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema, signalOf } from './rest-request.ts';
import { fromSpreadsheet, toSpreadsheet } from './spreadsheet-csv.ts';

const projectParameters = z.object({ id: projectIdSchema });
const thingParameters = z.object({ thing: z.string() });
const listQuery = pageQuerySchema.extend({ archived: z.stringbool().default(false) });
const nameParameters = z.object({ name: z.string().min(1).max(255) });

/** A cohort of conditions on a hundred events with their filters is some 100 KB. */
const bodyLimit = 4 * 1024 * 1024;

/** What a project defines: `/api/v1/projects/:id/…`. */
export async function definitionRoutes(app: FastifyInstance, deps: RestDeps): Promise<void> {
  for (const kind of kindsOfDefinitions) kindRoutes(app, deps, kind);
  memberRoute(app, deps);
  for (const entity of lexiconEntitySchema.options) lexiconRoutes(app, deps, entity);
  sessionRoutes(app, deps);
  await app.register((scope, _options, done) => {
    uploadRoutes(scope, deps);
    done();
  });
}

async function gate(
  request: FastifyRequest,
  deps: RestDeps,
  needed: Role,
): Promise<AuthorizedProject> {
  return (await gateBy(request, deps, needed)).project;
}

/** The project, and who goes in. */
async function gateBy(
  request: FastifyRequest,
  deps: RestDeps,
  needed: Role,
): Promise<{ readonly project: AuthorizedProject; readonly by: Principal }> {
  const { id } = projectParameters.parse(request.params);
  const by = await principalOf(request, deps);
  return { project: await authorizeFor(by, id, { deps, needed }), by };
}

function kindRoutes(app: FastifyInstance, deps: RestDeps, kind: DefinitionKind): void {
  const { definitions } = deps.services;
  const { path, one, many } = definitionKinds[kind];
  const url = `/api/v1/projects/:id/${path}`;
  const [created, changed] = [newDefinitionSchema(kind), definitionChangeSchema(kind)];

  app.get(url, async (request) => {
    const project = await gate(request, deps, 'consumer');
    const { archived, ...asked } = listQuery.parse(request.query);
    const all = await definitions.list(project, kind, { archived });
    const { page, next } = pageOf(all, ({ name, id }) => `${name}\0${id}`, asked);
    return { [many]: page, next };
  });

  app.post(url, { bodyLimit }, async (request, reply) => {
    const { project, by } = await gateBy(request, deps, 'analyst');
    const saved = await definitions.create(project, kind, created.parse(request.body), by);
    return reply.code(201).send({ [one]: saved });
  });

  app.get(`${url}/:thing`, async (request) => {
    const project = await gate(request, deps, 'consumer');
    return { [one]: await definitions.get(project, kind, thingOf(request)) };
  });

  app.patch(`${url}/:thing`, { bodyLimit }, async (request) => {
    const { project, by } = await gateBy(request, deps, 'analyst');
    const change = changed.parse(request.body);
    return { [one]: await definitions.change(project, kind, thingOf(request), change, by) };
  });

  app.delete(`${url}/:thing`, async (request, reply) => {
    const { project, by } = await gateBy(request, deps, 'analyst');
    await definitions.change(project, kind, thingOf(request), { archived: true }, by);
    return reply.code(204).send();
  });
}

const thingOf = (request: FastifyRequest): string => thingParameters.parse(request.params).thing;

/** A file that begins before all of it is known; one that cannot begin is answered with a status. */
function memberRoute(app: FastifyInstance, deps: RestDeps): void {
  app.get('/api/v1/projects/:id/cohorts/:thing/members', async (request, reply) => {
    const project = await gate(request, deps, 'consumer');
    const signal = signalOf(reply, deps);
    const plain = deps.services.definitions.members(project, thingOf(request), signal);
    const lines = isForSpreadsheet(request) ? toSpreadsheet(plain) : plain;
    const first = await lines.next();
    return sendCsv(reply, first.done === true ? '' : first.value, lines);
  });
}

function sendCsv(reply: FastifyReply, first: string, rest: AsyncGenerator<string>): FastifyReply {
  async function* whole(): AsyncGenerator<string> {
    yield first;
    yield* rest;
  }
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(Readable.from(whole()));
}

/** Their body is a stream: nothing of it is held but what is being read. */
function uploadRoutes(scope: FastifyInstance, deps: RestDeps): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  const kinds: readonly [UploadedKind, string][] = [
    ['cohort', 'cohorts/:thing/members'],
    ['lookup_table', 'lookup-tables/:thing/rows'],
  ];
  scope.post('/api/v1/projects/:id/cohorts/:thing/members', async (request) => {
    const { project, by } = await gateBy(request, deps, 'analyst');
    const { definitions } = deps.services;
    const upload = definitions.addMembers(project, thingOf(request), fileOf(request), by);
    return { upload: await upload };
  });
  for (const [kind, path] of kinds) {
    scope.put(`/api/v1/projects/:id/${path}`, async (request) => {
      const { project, by } = await gateBy(request, deps, 'analyst');
      const file = fileOf(request);
      const upload = deps.services.definitions.upload(project, kind, thingOf(request), file, by);
      return { upload: await upload };
    });
  }
}

const isForSpreadsheet = ({ query }: FastifyRequest): boolean =>
  (query as Readonly<Record<string, unknown>>)['spreadsheet'] === 'true';

function fileOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  const csv = (request.body as AsyncIterable<Uint8Array> | null | undefined) ?? nothing();
  return isForSpreadsheet(request) ? fromSpreadsheet(csv) : csv;
}

/** A request without a body. */
async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* await Promise.resolve([]);
}

const lexiconPaths = {
  event: 'events',
  event_property: 'properties/event',
  person_property: 'properties/person',
} as const;

function lexiconRoutes(
  app: FastifyInstance,
  deps: RestDeps,
  entity: keyof typeof lexiconPaths,
): void {
  const { definitions } = deps.services;
  const many = entity === 'event' ? 'events' : 'properties';
  const url = `/api/v1/projects/:id/${lexiconPaths[entity]}`;

  app.get(url, async (request) => {
    const project = await gate(request, deps, 'consumer');
    const all = await definitions.lexicon(project, entity);
    const { page, next } = pageOf(all, ({ name }) => name, pageQuerySchema.parse(request.query));
    return { [many]: page, next };
  });

  app.put(`${url}/:name`, async (request) => {
    const { project, by } = await gateBy(request, deps, 'admin');
    const { name } = nameParameters.parse(request.params);
    const settings = lexiconSettingsSchema.parse(request.body);
    return { settings: await definitions.setLexicon(project, entity, { ...settings, name }, by) };
  });

  app.delete(`${url}/:name`, async (request, reply) => {
    const { project, by } = await gateBy(request, deps, 'admin');
    const { name } = nameParameters.parse(request.params);
    await definitions.forgetLexicon(project, entity, name, by);
    return reply.code(204).send();
  });
}

function sessionRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { definitions } = deps.services;
  const url = '/api/v1/projects/:id/session-settings';

  app.get(url, async (request) => {
    const project = await gate(request, deps, 'consumer');
    return { sessionSettings: await definitions.sessions(project) };
  });

  app.put(url, async (request) => {
    const { project, by } = await gateBy(request, deps, 'admin');
    const settings = sessionSettingsSchema.parse(request.body);
    return { sessionSettings: await definitions.setSessions(project, settings, by) };
  });
}
