import { describe, expect, it } from 'vitest';
import { describeApi, searched } from './model.ts';
import { initiallyFilled, missingIn, requestOf } from './request.ts';
import { snippetOf } from './snippets.ts';

const json = { 'application/json': {} };

const document = {
  openapi: '3.1.0',
  tags: [{ name: 'Queries' }, { name: 'Empty' }, { name: 'Users' }],
  paths: {
    '/api/v1/query': {
      post: {
        operationId: 'query.run',
        tags: ['Queries'],
        summary: 'Answer a query',
        parameters: [
          { name: 'project_id', in: 'query', required: false, schema: { type: 'integer' } },
        ],
        requestBody: {
          content: {
            'application/json': {
              schema: {},
              examples: { users: { summary: 'Users a day', value: { type: 'insights' } } },
            },
          },
        },
        responses: {
          200: { description: 'The answer.', content: { ...json, 'text/event-stream': {} } },
          default: { description: 'An error.', content: json },
        },
      },
    },
    '/api/v1/projects/{id}/users/{user}/profile': {
      patch: {
        operationId: 'users.edit',
        tags: ['Users'],
        summary: 'Change the profile',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'user', in: 'path', required: true, schema: { type: 'string' } },
          { $ref: '#/components/parameters/IdempotencyKey' },
        ],
        responses: { 202: { description: 'Accepted.' } },
      },
    },
  },
  components: {
    parameters: {
      IdempotencyKey: { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } },
    },
  },
  'x-errors': [{ code: 'NOT_FOUND', status: 404, retryable: false, help: 'check the id' }],
};

const { groups, errors } = describeApi(document);
const [run, edit] = groups.flatMap(({ operations }) => operations);
if (run === undefined || edit === undefined) throw new Error('the document has two operations');

describe('the description', () => {
  it('puts operations into their groups, and leaves empty ones out', () => {
    expect(groups.map(({ name }) => name)).toEqual(['Queries', 'Users']);
    expect(run).toMatchObject({
      method: 'POST',
      bodyType: 'application/json',
      examples: [{ summary: 'Users a day', text: '{\n  "type": "insights"\n}' }],
      answerTypes: ['application/json', 'text/event-stream'],
    });
    expect(edit.parameters.map(({ name }) => name)).toEqual(['id', 'user', 'Idempotency-Key']);
    expect(errors).toHaveLength(1);
  });

  it('refuses what is no such document', () => {
    expect(() => describeApi({ paths: 7 })).toThrow();
  });

  it('is searched by every word, wherever it stands', () => {
    const found = (search: string): string[] =>
      searched(groups, search).flatMap(({ operations }) => operations.map(({ id }) => id));
    expect(found('')).toEqual(['query.run', 'users.edit']);
    expect(found('PATCH profile')).toEqual(['users.edit']);
    expect(found('patch query')).toEqual([]);
  });
});

describe('a request', () => {
  it('begins with the project at hand', () => {
    expect(initiallyFilled(run, 7)).toEqual({ 'query project_id': '7' });
    expect(initiallyFilled(edit, 7)).toEqual({ 'path id': '7' });
    expect(missingIn(edit, initiallyFilled(edit, 7))).toEqual(['user']);
  });

  it('puts each value where it belongs, and leaves empty ones out', () => {
    const filled = { 'path id': '7', 'path user': 'a/b', 'header Idempotency-Key': 'k' };
    expect(requestOf(edit, { filled, body: '{}', accept: '' })).toEqual({
      method: 'PATCH',
      path: '/api/v1/projects/7/users/a%2Fb/profile',
      headers: { 'Idempotency-Key': 'k' },
      body: null,
    });
    const streamed = {
      filled: { 'query project_id': '7' },
      body: '{}',
      accept: 'text/event-stream',
    };
    expect(requestOf(run, streamed)).toEqual({
      method: 'POST',
      path: '/api/v1/query?project_id=7',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: '{}',
    });
    const empty = { filled: { 'query project_id': '' }, body: '', accept: 'application/json' };
    expect(requestOf(run, empty).path).toBe('/api/v1/query');
    expect(requestOf(run, empty).headers['Accept']).toBeUndefined();
  });
});

describe('code to copy', () => {
  const request = {
    method: 'POST',
    path: '/api/v1/query?project_id=7',
    headers: { 'Content-Type': 'application/json' },
    body: `{"name":"Ada's \\"own\\""}`,
  };

  it('quotes what a shell would read otherwise', () => {
    expect(snippetOf('curl', request, 'http://a')).toBe(
      `curl 'http://a/api/v1/query?project_id=7' -u YOUR_SECRET: \\
  -H 'Content-Type: application/json' \\
  -d '{"name":"Ada'\\''s \\"own\\""}'`,
    );
    const removal = { method: 'DELETE', path: '/x', headers: {}, body: null };
    expect(snippetOf('curl', removal, 'http://a')).toBe(
      "curl -X DELETE 'http://a/x' -u YOUR_SECRET:",
    );
  });

  it.each(['node', 'python'] as const)('has the body as a text of %s', (language) => {
    expect(snippetOf(language, request, 'http://a')).toContain(JSON.stringify(request.body));
  });
});
