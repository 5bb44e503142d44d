import type { Json } from './openapi-parts.ts';
import { examples } from './openapi-examples.ts';
import { procedureOperations } from './procedure-operations.ts';

type Operations = Readonly<Record<string, Json>>;

/** Groups of requests, in the order in which they are shown; the first that a path begins with counts. */
const groups: readonly (readonly [string, string])[] = [
  ['/api/v1/query', 'Queries'],
  ['/api/v1/names', 'Names in the data'],
  ['/api/v1/projects/{id}/live', 'Live'],
  ['/api/v1/projects/{id}/users', 'Users'],
  ['/api/v1/projects/{id}/identity', 'Identity'],
  ['/api/v1/projects/{id}/reports', 'Saved reports and boards'],
  ['/api/v1/projects/{id}/boards', 'Saved reports and boards'],
  ['/api/v1/projects/{id}/cohorts', 'Cohorts'],
  ['/api/v1/projects/{id}/custom', 'Custom events and properties'],
  ['/api/v1/projects/{id}/lookup-tables', 'Lookup tables'],
  ['/api/v1/projects/{id}/events', 'Data settings'],
  ['/api/v1/projects/{id}/properties', 'Data settings'],
  ['/api/v1/projects/{id}/session-settings', 'Data settings'],
  ['/api/v1/projects/{id}/ingest-health', 'Ingestion'],
  ['/api/v1/projects/{id}/refused-records', 'Ingestion'],
  ['/api/v1/projects/{id}/imports', 'Ingestion'],
  ['/api/v1/projects/{id}/data-requests', 'Privacy'],
  ['/api/v1/projects/{id}/privacy', 'Privacy'],
  ['/api/v1/data-access', 'Privacy'],
  ['/api/v1/organizations', 'Organizations and service accounts'],
  ['/api/v1/projects/{id}/service-accounts', 'Organizations and service accounts'],
  ['/api/v1/', 'Projects'],
];

export const tags: readonly Json[] = [...new Set(groups.map(([, name]) => name))].map((name) => ({
  name,
}));

/** Questions by POST, for their length: they change nothing, so they take no `Idempotency-Key`. */
export const questionsByPost: ReadonlySet<string> = new Set([
  'POST /api/v1/query',
  'POST /api/v1/projects/{id}/imports/check',
  'POST /api/v1/projects/{id}/users/list',
  'POST /api/v1/projects/{id}/users/export',
  'POST /api/v1/projects/{id}/users/{user}/activity',
]);

/** What each answer says of limits; see `request-limits.ts`. */
export const limitHeaders: Operations = {
  'RateLimit-Limit': numberHeader('Requests a minute with the same credentials.'),
  'RateLimit-Remaining': numberHeader('How many of them are left.'),
  'RateLimit-Reset': numberHeader('Seconds until the minute is over.'),
  'Concurrency-Limit': numberHeader('Requests under way at once with the same credentials.'),
  'Concurrency-Remaining': numberHeader('How many more there may be.'),
};

function numberHeader(description: string): Json {
  return { description, schema: { type: 'integer' } };
}

const headersOfAnswers = Object.fromEntries(
  Object.keys(limitHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

export const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Any text of your own, new for each write: sent again within a day it is answered as the first time, and done once.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** Gives each operation its name, its group, its examples, and what all of them share. */
export function nameOperations(paths: Readonly<Record<string, Json>>): Json {
  const names = new Map<string, string>();
  // Of several procedures that are one request the first gives the name.
  for (const [procedure, request] of Object.entries(procedureOperations)) {
    if (!names.has(request)) names.set(request, procedure);
  }
  return Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations as Readonly<Record<string, OperationParts>>).map(
          ([method, own]) => {
            const request = `${method.toUpperCase()} ${path}`;
            return [method, describe(own, request, names.get(request) ?? nameOf(method, path))];
          },
        ),
      ),
    ]),
  );
}

function describe(own: OperationParts, request: string, operationId: string): Json {
  const { parameters = [], requestBody, responses } = own;
  const path = request.slice(request.indexOf(' ') + 1);
  const tag = groups.find(([start]) => path.startsWith(start))?.[1] ?? 'Projects';
  const isWrite = !request.startsWith('GET ') && !questionsByPost.has(request);
  const keyed = isWrite
    ? [...parameters, { $ref: '#/components/parameters/IdempotencyKey' }]
    : parameters;
  return {
    operationId,
    tags: [tag],
    ...own,
    ...(keyed.length > 0 && { parameters: keyed }),
    ...(requestBody !== undefined && { requestBody: withExamples(requestBody, operationId) }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [
        status,
        { ...response, headers: headersOfAnswers },
      ]),
    ),
  };
}

interface OperationParts {
  readonly parameters?: readonly Json[];
  readonly requestBody?: { readonly content: Operations };
  readonly responses: Operations;
}

function withExamples(body: { readonly content: Operations }, operationId: string): Json {
  const own = examples[operationId];
  const json = body.content['application/json'];
  if (own === undefined || json === undefined) return body;
  return { ...body, content: { ...body.content, 'application/json': { ...json, examples: own } } };
}

/** Of a request that is no procedure of the dashboard: `get.cohorts.thing.members`. */
function nameOf(method: string, path: string): string {
  const parts = path
    .replace(/^\/api\/v1\//, '')
    .split('/')
    .map((part) => part.replaceAll(/[{}]/g, ''));
  return [method, ...parts].join('.');
}
