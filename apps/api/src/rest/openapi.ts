import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  eventNameSchema,
  groupNamesSchema,
  propertyNameSchema,
  propertyValueCountSchema,
} from '@arbor/schema/catalog';
import { querySchema } from '@arbor/schema/query';
import { queryAnswerSchema, queryUpdateSchema } from '@arbor/schema/result';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { apiErrors } from '../errors.ts';
import { changeProjectSchema } from '../projects/change-project.ts';
import { createProjectSchema } from '../projects/create-project.ts';
import { dataPaths } from './data-openapi.ts';
import { acceptsGzip } from './accepts-gzip.ts';
import { definitionPaths } from './definition-openapi.ts';
import { identityPaths } from './identity-openapi.ts';
import { memberPaths } from './member-openapi.ts';
import { organizationPaths } from './organization-openapi.ts';
import { privacyPaths } from './privacy-openapi.ts';
import { savedPaths } from './saved-openapi.ts';
import { userPaths } from './user-openapi.ts';
import { auditPaths } from './audit-openapi.ts';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  content,
  errors,
  errorSchema,
  inQuery,
  jsonBody,
  nextOfPage,
  operation,
  outputOf,
  pageParameters,
  projectPath,
} from './openapi-parts.ts';
import { idempotencyKey, limitHeaders, nameOperations, tags } from './openapi-operations.ts';
import { livePaths, mePaths, projectsOperation } from './me-openapi.ts';
import { eventStream, ndjson } from './update-stream.ts';

const projectSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  organization: z.string(),
  token: z.string(),
  timezone: z.string(),
  weekStart: z.number().int().min(1).max(7),
  quarterStart: z.number().int().min(1).max(12),
  allowedOrigins: z.array(z.string()),
  isDemo: z.boolean(),
  role: z.string(),
});

const createdProjectSchema = projectSchema
  .pick({ id: true, name: true, timezone: true, token: true })
  .extend({ secret: z.string() });

const projectId = inQuery(
  'project_id',
  { type: 'integer', minimum: 1 },
  'Needed unless the project secret was sent.',
);
const scope: Json = { type: 'string', enum: ['event', 'person'] };
const scopeOfValues: Json = { type: 'string', enum: ['event', 'person', 'group'] };

/** The last update of a stream that failed after its first. */
const errorUpdateSchema = errorSchema.extend({ type: z.literal('error') });

function queryOperation(how: { parameters?: Json[]; requestBody?: Json }): Json {
  const whole = content(outputOf(queryAnswerSchema));
  const update = outputOf(z.union([queryUpdateSchema, errorUpdateSchema]));
  return operation('Answer a query, as a whole or as a stream of updates', {
    ...how,
    parameters: [
      projectId,
      inQuery('zone', { type: 'string' }, 'Only replicas of this zone, to compare zones.'),
      ...(how.parameters ?? []),
    ],
    responses: {
      200: {
        description:
          'The answer; with "Accept: application/x-ndjson" one update a line, with "Accept: text/event-stream" one an event: progress and partial results, then the result.',
        content: { ...whole, ...content(update, ndjson), ...content(update, eventStream) },
      },
      ...errors,
    },
  });
}

const queryInUrl = inQuery('query', { type: 'string' }, 'The query as JSON.', true);

function namesOperation(
  summary: string,
  name: string,
  item: z.ZodType,
  { more = [], paged = true }: { more?: Json[]; paged?: boolean } = {},
): Json {
  const list = z.object({ [name]: z.array(item), ...(paged && nextOfPage) });
  return operation(summary, {
    parameters: [projectId, ...more, ...(paged ? pageParameters : [])],
    responses: answers('Most frequent first.', outputOf(list)),
  });
}

/**
 * Moves what a schema calls `#/$defs/…` to the components: inside a document `#` is the document, so
 * every reference of a schema that contains itself would point nowhere.
 */
function shareDefinitions(document: Json): Json {
  const schemas: Record<string, unknown> = {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    // The dialect is that of OpenAPI 3.1 anyway.
    const { $defs = {}, $schema: _dialect, ...own } = value as Record<string, unknown>;
    const keys = Object.keys($defs as Json);
    // Most parts share nothing: they are not turned to text, at each level anew.
    if (keys.length === 0) return visitParts(own);
    let text = JSON.stringify([own, $defs]);
    const names = new Map<string, string>();
    for (const key of keys) {
      const name = `Shared${Object.keys(schemas).length + names.size + 1}`;
      names.set(key, name);
      text = text.replaceAll(`"#/$defs/${key}"`, `"#/components/schemas/${name}"`);
    }
    const [rewritten, definitions] = JSON.parse(text) as [Json, Json];
    for (const [key, name] of names) schemas[name] = definitions[key];
    return visitParts(rewritten);
  };
  const visitParts = (parts: Json): Json =>
    Object.fromEntries(Object.entries(parts).map(([key, each]) => [key, visit(each)]));
  const { components, ...rest } = visit(document) as { components: { schemas: Json } } & Json;
  return {
    ...rest,
    components: { ...components, schemas: { ...components.schemas, ...schemas } },
  };
}

/** The paths of our own REST API; a test holds them against the routes that exist. */
export function openApiDocument(): Json {
  return shareDefinitions({
    openapi: '3.1.0',
    info: { title: 'Arbor', version: '1', license: { name: 'Apache-2.0' } },
    security: [{ basic: [] }, { session: [] }],
    tags,
    // What each code of an error means: status, whether the same request may succeed later, and what to do next.
    'x-errors': Object.entries(apiErrors).map(([code, error]) => ({ code, ...error })),
    paths: nameOperations({
      '/api/v1/query': {
        post: queryOperation({ requestBody: jsonBody(querySchema) }),
        get: queryOperation({ parameters: [queryInUrl] }),
      },
      ...mePaths(),
      ...livePaths(),
      '/api/v1/names/events': { get: namesOperation('Event names', 'events', eventNameSchema) },
      '/api/v1/names/properties': {
        get: namesOperation('Property names', 'properties', propertyNameSchema, {
          more: [inQuery('scope', scope, 'Only properties of events, or of persons.')],
        }),
      },
      '/api/v1/names/values': {
        get: namesOperation('Frequent values of a property', 'values', propertyValueCountSchema, {
          more: [
            inQuery('scope', scopeOfValues, 'Whose property.', true),
            inQuery('name', { type: 'string' }, 'The property.', true),
            inQuery('groupKey', { type: 'string' }, 'Of which groups, with the scope group.'),
            inQuery('search', { type: 'string' }, 'Part of the value.'),
            inQuery('max', { type: 'integer', maximum: 1000 }, 'How many, 100 by default.'),
          ],
          paged: false,
        }),
      },
      '/api/v1/names/groups': {
        get: namesOperation('Group keys and properties of groups', 'groups', groupNamesSchema, {
          paged: false,
        }),
      },
      '/api/v1/projects': {
        get: projectsOperation(),
        post: operation('Create a project; its secret is shown only here', {
          requestBody: jsonBody(createProjectSchema),
          responses: {
            201: {
              description: 'Created.',
              content: content(outputOf(z.object({ project: createdProjectSchema }))),
            },
            ...errors,
          },
        }),
      },
      '/api/v1/projects/{id}': {
        get: operation('A project', {
          parameters: [projectPath],
          responses: answers('The project.', outputOf(z.object({ project: projectSchema }))),
        }),
        patch: operation('Change the name of a project, or how its reports are cut', {
          parameters: [projectPath],
          requestBody: jsonBody(changeProjectSchema),
          responses: answers('The project.', outputOf(z.object({ project: projectSchema }))),
        }),
      },
      '/api/v1/projects/{id}/secret': {
        post: operation('Give a project a new secret, shown only here', {
          parameters: [projectPath],
          responses: answers(
            'The old one is no longer good.',
            outputOf(z.object({ secret: z.string() })),
          ),
        }),
      },
      ...organizationPaths(),
      ...memberPaths(),
      ...definitionPaths(),
      ...userPaths(),
      ...identityPaths(),
      ...privacyPaths(),
      ...auditPaths(),
      ...savedPaths(),
      ...dataPaths(),
    }),
    components: {
      schemas: { Error: outputOf(errorSchema) },
      headers: limitHeaders,
      parameters: { IdempotencyKey: idempotencyKey },
      securitySchemes: {
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'A service account, or the project secret as user with an empty password.',
        },
        session: { type: 'apiKey', in: 'cookie', name: 'arbor.session_token' },
      },
    },
  });
}

/** The document as it is sent. */
interface SentDocument {
  readonly text: string;
  readonly packed: Buffer;
  readonly etag: string;
}

function sentDocument(): SentDocument {
  const text = JSON.stringify(openApiDocument());
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  return { text, packed: gzipSync(text), etag };
}

export function openApiRoute(app: FastifyInstance): void {
  // Made when it is first asked for: it takes a fifth of a second, and few starts of the process need it.
  let document: SentDocument | undefined;
  app.get('/api/v1/openapi.json', (request, reply) => {
    const { text, packed, etag } = (document ??= sentDocument());
    void reply.headers({ etag, vary: 'accept-encoding', 'cache-control': 'no-cache' });
    const { 'if-none-match': known = '' } = request.headers;
    // A proxy that packs marks the tag as weak.
    if (known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)) {
      return reply.code(304).send();
    }
    void reply.type('application/json; charset=utf-8');
    if (!acceptsGzip(request.headers)) return reply.send(text);
    return reply.header('content-encoding', 'gzip').send(packed);
  });
}
