import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { silentLogger } from '../../test/support/silent-logger.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import type { Claim, KeptAnswer, KeptAnswers } from '../idempotency/ports.ts';
import { OpenRequests } from '../open-requests.ts';
import type { Services } from '../services.ts';
import { idempotentWrites } from './idempotent-writes.ts';
import { answerErrors } from './rest-errors.ts';

/** The port over a map. */
function answersInMemory(): KeptAnswers {
  const entries = new Map<string, { fingerprint: string; answer: KeptAnswer | null }>();
  return {
    claim: ({ key, fingerprint }): Promise<Claim> => {
      const known = entries.get(key);
      if (known === undefined) {
        entries.set(key, { fingerprint, answer: null });
        return Promise.resolve({
          type: 'first',
          keep: async (answer) => void entries.set(key, { fingerprint, answer }),
          release: async () => void entries.delete(key),
        });
      }
      if (known.fingerprint !== fingerprint) return Promise.resolve({ type: 'another_request' });
      return Promise.resolve(
        known.answer === null ? { type: 'under_way' } : { type: 'answered', answer: known.answer },
      );
    },
  };
}

const project = { id: 1, organizationId: 10, isDemo: false } as AuthorizedProject;

/** Routes that count how often they ran; "robot" and "other" are service accounts who may use project 1. */
function writer(keptAnswers: KeptAnswers = answersInMemory()) {
  const ran: string[] = [];
  const state = { fails: false, organizationId: 10, finish: (): void => undefined };
  const app = Fastify();
  answerErrors(app, silentLogger);
  const services: Partial<Services> = {
    projects: {
      byId: () => Promise.resolve(project),
      byToken: () => Promise.resolve(null),
      hasOthers: () => Promise.resolve(false),
      organizations: () => Promise.resolve([]),
      list: () => Promise.resolve([]),
      create: () => Promise.reject(new Error('nothing is made here')),
      change: () => Promise.resolve(null),
      rotateSecret: () => Promise.resolve(null),
    },
    demo: false,
    requests: new OpenRequests(),
  };
  const byRequest = (headers: Headers): Promise<Principal> => {
    const username = headers.get('authorization');
    if (username === null) return Promise.resolve({ type: 'guest' });
    const { organizationId } = state;
    return Promise.resolve({
      type: 'service_account',
      username,
      organizationId,
      role: 'admin',
      allProjects: true,
      projectRoles: new Map(),
    });
  };
  idempotentWrites(app, {
    // The others are not asked by what is tested here.
    services: services as Services,
    authenticator: { byRequest, bySession: () => Promise.resolve({ type: 'guest' }) },
    trustedOrigins: [],
    zones: ['a'],
    keptAnswers,
  });
  app.post('/projects/:id/things', (request, reply) => {
    ran.push(JSON.stringify(request.body));
    if (state.fails) throw new ApiError('UNAVAILABLE', 'not now');
    return reply.code(201).send({ made: ran.length });
  });
  app.post('/projects', (_request, reply) => reply.code(201).send({ made: ran.push('project') }));
  app.delete('/projects/:id/things', (_request, reply) => {
    ran.push('delete');
    return reply.code(204).send();
  });
  app.post('/projects/:id/slow', async () => {
    ran.push('slow');
    await new Promise<void>((resolve) => (state.finish = resolve));
    return { done: true };
  });
  app.post('/projects/:id/questions', { config: { asks: true } }, () => ({ asked: ran.push('q') }));
  const send = (
    url: string,
    {
      key = 'k-1',
      by = 'robot',
      payload = { name: 'a' },
      method = 'POST',
    }: { key?: string; by?: string | null; payload?: object; method?: 'POST' | 'DELETE' } = {},
  ) =>
    app.inject({
      method,
      url: url.startsWith('/') ? url : `/projects/1/${url}`,
      headers: { 'idempotency-key': key, ...(by !== null && { authorization: by }) },
      ...(method === 'POST' && { payload }),
    });
  return { ran, state, send };
}

test('answers a write that is sent again as the first time, and does it once', async () => {
  const { ran, send } = writer();
  const [first, second] = [await send('things'), await send('things')];
  expect([first.statusCode, first.json()]).toEqual([201, { made: 1 }]);
  expect([second.statusCode, second.json()]).toEqual([201, { made: 1 }]);
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  expect(second.headers).toMatchObject({
    'idempotency-replayed': 'true',
    'content-type': first.headers['content-type'],
  });
  expect(ran).toEqual(['{"name":"a"}']);
  expect((await send('things', { key: 'k-2' })).json()).toEqual({ made: 2 });
});

test('an answer without a body comes again without one', async () => {
  const { ran, send } = writer();
  for (let n = 0; n < 2; n++) {
    const { statusCode, body } = await send('things', { method: 'DELETE' });
    expect([statusCode, body]).toEqual([204, '']);
  }
  expect(ran).toEqual(['delete']);
});

test('refuses another request with the same key', async () => {
  const { send } = writer();
  await send('things');
  const other = await send('things', { payload: { name: 'b' } });
  expect(other.statusCode).toBe(422);
  expect(other.json()).toMatchObject({
    error: {
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: '"k-1" came with another request before',
    },
  });
});

test('does not do again what was done, whose answer went with erased users', async () => {
  const asked: (number | null)[] = [];
  const claim: KeptAnswers['claim'] = async ({ project: of }) => {
    asked.push(of);
    return { type: 'forgotten' };
  };
  const { ran, send } = writer({ claim });
  const repeated = await send('things');
  expect(repeated.statusCode).toBe(422);
  expect(repeated.json()).toMatchObject({
    error: {
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: expect.stringContaining('was done; its answer went when users were erased'),
    },
  });
  expect(ran).toEqual([]);
  expect(asked).toEqual([1]);
});

test('keys are of each caller', async () => {
  const { send } = writer();
  await send('things');
  expect((await send('things', { by: 'other' })).json()).toEqual({ made: 2 });
});

test('a service account of the same name in another organization is another caller', async () => {
  const { state, send } = writer();
  await send('/projects');
  expect((await send('/projects')).json()).toEqual({ made: 1 });
  state.organizationId = 20;
  expect((await send('/projects')).json()).toEqual({ made: 2 });
});

test('a repetition while the first is under way is told to wait', async () => {
  const { ran, state, send } = writer();
  const first = send('slow');
  await expect.poll(() => ran.length).toBe(1);
  const second = await send('slow');
  expect(second.statusCode).toBe(409);
  expect(second.headers['retry-after']).toBe('1');
  expect(second.json()).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_IN_USE' } });
  state.finish();
  expect((await first).json()).toEqual({ done: true });
  expect((await send('slow')).json()).toEqual({ done: true });
  expect(ran).toEqual(['slow']);
});

test('what failed is done when it is sent again', async () => {
  const { ran, state, send } = writer();
  state.fails = true;
  expect((await send('things')).statusCode).toBe(503);
  state.fails = false;
  expect((await send('things')).statusCode).toBe(201);
  expect(ran).toHaveLength(2);
});

test('tells nothing to who may not see the project any more, nor to nobody', async () => {
  const { state, send } = writer();
  await send('things');
  state.organizationId = 20;
  expect((await send('things')).statusCode).toBe(404);
  expect((await send('things', { by: null })).statusCode).toBe(401);
});

test('questions by POST are asked each time', async () => {
  const { send } = writer();
  expect((await send('questions')).json()).toEqual({ asked: 1 });
  expect((await send('questions')).json()).toEqual({ asked: 2 });
});

test('refuses a key that is none, and a write whose key cannot be looked up', async () => {
  const { ran, send } = writer({ claim: () => Promise.reject(new Error('connection lost')) });
  expect((await send('things', { key: 'two words' })).json()).toMatchObject({
    error: { code: 'INVALID_REQUEST' },
  });
  const away = await send('things');
  expect(away.statusCode).toBe(503);
  expect(away.headers['retry-after']).toBe('2');
  expect(ran).toEqual([]);
});
