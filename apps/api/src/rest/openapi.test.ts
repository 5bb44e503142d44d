import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, expect, test } from 'vitest';
import { apiErrors } from '../errors.ts';
import { appRouter } from '../trpc/router.ts';
import { openApiDocument } from './openapi.ts';
import type { Json } from './openapi-parts.ts';
import { questionsByPost } from './openapi-operations.ts';
import { procedureOperations, proceduresWithoutRequest } from './procedure-operations.ts';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly $ref?: string;
    readonly name?: string;
    readonly in?: string;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<
        string,
        { readonly schema: Json; readonly examples?: Readonly<Record<string, { value: unknown }>> }
      >
    >;
  };
}

let document: Json;
let operations: Map<string, Operation>;
beforeAll(() => {
  // As it is served.
  document = JSON.parse(JSON.stringify(openApiDocument())) as Json;
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  operations = new Map(
    Object.entries(paths).flatMap(([path, own]) =>
      Object.entries(own).map(([method, operation]) => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    ),
  );
  // A second of work, on a machine that has nothing else to do.
}, 300_000);

/** Every value of a key, however deep. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([own, inner]) => [
    ...(own === key ? [inner] : []),
    ...valuesOf(key, inner),
  ]);
}

/** The JSON pointer to the schema of a request's body. */
function bodyOf(request: string): string {
  const [method = '', path = ''] = request.split(' ');
  return [
    'paths',
    path,
    method.toLowerCase(),
    'requestBody',
    'content',
    'application/json',
    'schema',
  ]
    .map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
}

test('is a document of OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  const broken = { ...document, paths: { '/x': { get: { responses: 7 } } } };
  expect((await validator.validate(broken)).valid).toBe(false);
});

test('refers only to what the document has', () => {
  const references = valuesOf('$ref', document).map(String);
  expect(references.length).toBeGreaterThan(0);
  for (const reference of references) {
    expect(reference).toMatch(/^#\//);
    const target = reference
      .slice(2)
      .split('/')
      .reduce<unknown>(
        (node, key) => (node as Record<string, unknown> | undefined)?.[key],
        document,
      );
    expect(target, reference).toBeTypeOf('object');
  }
  expect(valuesOf('$defs', document)).toEqual([]);
});

test('has a request for every procedure of the dashboard', () => {
  // Procedures by their path, as tRPC keeps them.
  const { procedures } = (appRouter as unknown as { _def: { procedures: object } })._def;
  const asked = Object.keys(procedures).filter((name) => !proceduresWithoutRequest.has(name));
  expect(asked.filter((name) => procedureOperations[name] === undefined)).toEqual([]);
  const requests = Object.values(procedureOperations);
  expect(requests.filter((request) => !operations.has(request))).toEqual([]);
  expect(Object.keys(procedureOperations).filter((name) => !(name in procedures))).toEqual([]);
});

test('names each operation once, and puts it into a group that there is', () => {
  const ids = [...operations.values()].map(({ operationId }) => operationId);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  const groups = new Set((document['tags'] as { name: string }[]).map(({ name }) => name));
  for (const { tags } of operations.values()) {
    expect(tags).toHaveLength(1);
    expect(groups).toContain(tags[0]);
  }
});

test('declares what the braces of a path name', () => {
  for (const [request, { parameters = [] }] of operations) {
    const named = [...request.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
    expect(new Set(declared), request).toEqual(new Set(named));
  }
});

test('offers an Idempotency-Key to writes, and not to questions', () => {
  for (const [request, { parameters = [] }] of operations) {
    const isWrite = !request.startsWith('GET ') && !questionsByPost.has(request);
    const offers = parameters.some(({ $ref }) => $ref === '#/components/parameters/IdempotencyKey');
    expect(offers, request).toBe(isWrite);
  }
});

test('gives examples that its own schemas accept', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  let count = 0;
  for (const [request, { requestBody }] of operations) {
    const body = requestBody?.content['application/json'];
    if (body?.examples === undefined) continue;
    const accepts = ajv.compile({ $ref: `document#/${bodyOf(request)}` });
    for (const [name, { value }] of Object.entries(body.examples)) {
      accepts(value);
      expect(accepts.errors, `${request} ${name}`).toBeNull();
      count++;
    }
  }
  expect(count).toBeGreaterThan(8);
  const query = { type: 'insights', range: { from: '2026-01-01', to: '2026-01-31' } };
  expect(ajv.validate({ $ref: `document#/${bodyOf('POST /api/v1/query')}` }, query)).toBe(false);
  // The schema of a query is compiled whole.
}, 120_000);

test('says what each code of an error means', () => {
  expect(document['x-errors']).toHaveLength(Object.keys(apiErrors).length);
});
