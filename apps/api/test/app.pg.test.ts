import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Db } from '@arbor/db';
import { publishLive } from '@arbor/queue/live-stream';
import { renewRole } from '@arbor/queue/role-lease';
import { queryAnswerSchema, queryUpdateSchema } from '@arbor/schema/result';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { applyBootstrap, parseBootstrap } from '../src/bootstrap/bootstrap.ts';
import { demoEntry, demoProjectId } from '../src/bootstrap/demo-entry.ts';
import type { FakeLqs } from './support/fake-lqs.ts';
import { answerAll, startFakeLqs } from './support/fake-lqs.ts';
import { freshDatabase } from './support/fresh-database.ts';
import { anyQuery, totalOf } from './support/sum-engine.ts';
import type { TestApp } from './support/test-app.ts';
import { startTestApp, webUrl } from './support/test-app.ts';

let db: Db;
let dropDatabase: () => Promise<void>;
let dataDir: string;
let lqs: FakeLqs;
let stack: TestApp;

const password = 'a-long-password';

beforeAll(async () => {
  ({ db, drop: dropDatabase } = await freshDatabase(inject('databaseUrl')));
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbor-app-'));
  const entries = [
    {
      org: 'Acme',
      project: 'Shop',
      id: 1,
      token: 'shop-token',
      secret: 'shop-secret',
      serviceAccount: { username: 'robot', secret: 'robot-secret' },
      owner: { email: 'anna@example.com', password },
    },
    {
      org: 'Other',
      project: 'Blog',
      id: 2,
      token: 'blog-token',
      secret: 'blog-secret',
      owner: { email: 'bert@example.com', password },
    },
  ];
  await applyBootstrap(db, [demoEntry, ...parseBootstrap(JSON.stringify(entries))], {
    demoProjectId,
  });
  // As projects that have grown: every query has several shards to ask.
  await db.project.updateMany({ data: { spread: 4 } });
  lqs = await startFakeLqs('a', [0, 1, 2, 3]);
  stack = await startTestApp({
    db,
    redisUrl: inject('redisUrl'),
    dataDir,
    members: { live: () => Promise.resolve([lqs.member]) },
  });
});

beforeEach(async () => {
  lqs.behave = answerAll;
  const limits = await stack.redis.keys('arbor:rate:*');
  if (limits.length > 0) await stack.redis.del(limits);
});

afterAll(async () => {
  await stack.close();
  await lqs.close();
  await rm(dataDir, { recursive: true });
  await dropDatabase();
});

interface Call {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

function call({ method = 'GET', url, headers = {}, body }: Call): Promise<LightMyRequestResponse> {
  return stack.app.inject({
    method,
    url,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
}

const basic = (username: string, secret = ''): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`,
});

const signIn = (email: string, headers: Record<string, string> = {}, secret = password) =>
  call({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin: webUrl, ...headers },
    body: { email, password: secret },
  });

async function session(email: string): Promise<Record<string, string>> {
  const response = await signIn(email);
  expect(response.statusCode).toBe(200);
  const cookie = String(response.headers['set-cookie']).split(';')[0] ?? '';
  return { cookie };
}

const ask = (headers: Record<string, string>, projectId?: number, extra = '') =>
  call({
    method: 'POST',
    url: `/api/v1/query?${projectId === undefined ? '' : `project_id=${projectId}`}${extra}`,
    headers,
    body: anyQuery,
  });

test('signs in with e-mail and password and keeps the session in a guarded cookie', async () => {
  const response = await signIn('Anna@Example.com');
  expect(response.statusCode).toBe(200);
  expect(String(response.headers['set-cookie'])).toMatch(
    /^arbor\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const cookie = String(response.headers['set-cookie']).split(';')[0] ?? '';
  const me = await call({ url: '/trpc/session.me', headers: { cookie } });
  expect(me.json()).toMatchObject({
    result: {
      data: {
        json: {
          guest: false,
          user: { email: 'anna@example.com' },
          projects: [
            { id: 1, role: 'owner' },
            { id: 1000, role: 'consumer', isDemo: true },
          ],
        },
      },
    },
  });
});

test('refuses a wrong password, an unknown address, sign-up and a foreign page', async () => {
  expect((await signIn('anna@example.com', {}, 'wrong-password')).statusCode).toBe(401);
  expect((await signIn('nobody@example.com')).statusCode).toBe(401);
  const { cookie = '' } = await session('anna@example.com');
  const foreign = { origin: 'https://evil.example', cookie };
  expect((await signIn('anna@example.com', foreign)).statusCode).toBe(403);
  const signUp = await call({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    headers: { origin: webUrl },
    body: { email: 'new@example.com', password, name: 'New' },
  });
  expect(signUp.statusCode).toBe(400);
  expect(await db.user.count()).toBe(2);
});

test('slows down who guesses passwords, by address, whatever headers they send', async () => {
  const guess = (address: string, i: number) =>
    stack.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      remoteAddress: address,
      headers: {
        'content-type': 'application/json',
        origin: webUrl,
        'x-arbor-client-address': `10.0.0.${i}`,
        'x-forwarded-for': `10.1.0.${i}`,
      },
      payload: { email: 'anna@example.com', password: `guess-number-${i}` },
    });
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await guess('203.0.113.9', i)).statusCode);
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(statuses.slice(10)).toEqual([429, 429]);
  expect((await guess('203.0.113.10', 99)).statusCode).toBe(401);
});

test('the dashboard has limits like scripts, of its own, and says so in its words', async () => {
  const limited = await startTestApp({
    db,
    redisUrl: inject('redisUrl'),
    dataDir,
    members: { live: () => Promise.resolve([lqs.member]) },
    perMinuteMax: 2,
  });
  const headers = await session('anna@example.com');
  const me = (url: string) => limited.app.inject({ url, headers });
  for (let left = 1; left >= 0; left--) {
    const response = await me('/trpc/session.me');
    expect(response.statusCode).toBe(200);
    expect(response.headers['ratelimit-remaining']).toBe(String(left));
  }
  const refused = await me('/trpc/session.me');
  expect(refused.statusCode).toBe(429);
  expect(refused.json()).toMatchObject({
    error: { json: { data: { arbor: { code: 'RATE_LIMITED' } } } },
  });
  expect((await me('/api/v1/me')).headers['ratelimit-remaining']).toBe('1');
  await limited.close();
});

test('a signed-out session no longer opens anything', async () => {
  const headers = await session('anna@example.com');
  await call({
    method: 'POST',
    url: '/api/auth/sign-out',
    headers: { ...headers, origin: webUrl },
    body: {},
  });
  const me = await call({ url: '/trpc/session.me', headers });
  expect(me.json()).toMatchObject({ result: { data: { json: { guest: true } } } });
});

test('does not change anything for a page of another origin', async () => {
  const headers = await session('anna@example.com');
  const create = (origin: string) =>
    call({
      method: 'POST',
      url: '/trpc/project.create',
      headers: { ...headers, origin },
      body: { json: { name: 'Made' } },
    });
  expect((await create('https://evil.example')).statusCode).toBe(403);
  expect((await create(webUrl)).statusCode).toBe(200);
  const rest = await call({
    method: 'POST',
    url: '/api/v1/projects',
    headers: { ...headers, origin: 'https://evil.example' },
    body: { name: 'Made' },
  });
  expect(rest.statusCode).toBe(403);
});

test('answers a query to everybody who may read the project, by each kind of credential', async () => {
  for (const headers of [
    basic('robot', 'robot-secret'),
    basic('shop-secret'),
    { authorization: 'Basic robot:robot-secret' },
    await session('anna@example.com'),
  ]) {
    const response = await ask(headers, 1);
    expect(response.statusCode).toBe(200);
    const answer = queryAnswerSchema.parse(response.json());
    expect(totalOf(answer.result)).toBe(15);
  }
  expect((await ask(basic('shop-secret'))).statusCode).toBe(200);
  expect((await ask({}, 1000)).statusCode).toBe(200);
});

test.each([
  ['a wrong secret', basic('robot', 'robot-secreT'), 1, 401],
  ['an unknown secret', basic('nothing'), 1, 401],
  ['a token, which may write and not read', basic('shop-token'), 1, 401],
  ['another scheme', { authorization: 'Bearer abc' }, 1, 401],
  ['a credential with a zero byte', basic('ro\0bot', 'x'), 1, 401],
  ['no credentials', {}, 1, 401],
  ['no credentials for a project that does not exist', {}, 404, 401],
  ['the secret of another project', basic('blog-secret'), 1, 404],
  ['a service account of another organisation', basic('robot', 'robot-secret'), 2, 404],
  ['a project that does not exist', basic('robot', 'robot-secret'), 404, 404],
  ['no project', basic('robot', 'robot-secret'), undefined, 400],
])('refuses %s', async (_what, headers, projectId, status) => {
  const response = await ask(headers as Record<string, string>, projectId);
  expect(response.statusCode).toBe(status);
  expect(response.json()).toMatchObject({
    error: {
      code: expect.any(String) as string,
      message: expect.any(String) as string,
      help: expect.any(String) as string,
    },
  });
});

test('a foreign member gets the same answer as for a project that does not exist', async () => {
  const headers = await session('bert@example.com');
  const foreign = await ask(headers, 1);
  expect(foreign.statusCode).toBe(404);
  expect(foreign.json<{ error: { message: string } }>().error.message).toBe(
    'project 1 does not exist',
  );
});

test('names the path of every fault in a query', async () => {
  const response = await call({
    method: 'POST',
    url: '/api/v1/query?project_id=1',
    headers: basic('shop-secret'),
    body: { type: 'funnel', range: { from: '2024-1-1', to: '2024-01-31' }, steps: [] },
  });
  expect(response.statusCode).toBe(400);
  const { error } = response.json<{ error: { code: string; message: string } }>();
  expect(error.code).toBe('INVALID_REQUEST');
  expect(error.message).toContain('range.from: ');
  expect(error.message).toContain('steps: ');
});

test.each([
  ['no json', '{', 'application/json', 400],
  ['another media type', 'a=b', 'application/x-www-form-urlencoded', 400],
])('refuses a body that is %s', async (_what, payload, type, status) => {
  const response = await stack.app.inject({
    method: 'POST',
    url: '/api/v1/query?project_id=1',
    headers: { ...basic('shop-secret'), 'content-type': type },
    payload,
  });
  expect(response.statusCode).toBe(status);
  expect(response.json()).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
});

test('refuses filters nested beyond all reason, and says so', async () => {
  const depth = 10_000;
  const filters = `${'{"type":"all","filters":['.repeat(depth)}${']}'.repeat(depth)}`;
  const response = await stack.app.inject({
    method: 'POST',
    url: '/api/v1/query?project_id=1',
    headers: { ...basic('shop-secret'), 'content-type': 'application/json' },
    payload: JSON.stringify(anyQuery).replace(/\}$/, `,"filters":[${filters}]}`),
  });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({
    error: { code: 'INVALID_REQUEST', message: 'the request is nested too deeply' },
  });
});

test('does not blame itself for a call of another media type', async () => {
  const response = await stack.app.inject({
    method: 'POST',
    url: '/trpc/project.create',
    headers: { 'content-type': 'text/plain' },
    payload: '{}',
  });
  expect(response.statusCode).toBe(415);
  expect(response.json()).toMatchObject({
    error: { json: { data: { arbor: { code: 'INVALID_REQUEST' } } } },
  });
});

test('hands on the planner’s words and pins a zone when asked', async () => {
  const backwards = await call({
    method: 'POST',
    url: '/api/v1/query?project_id=1',
    headers: basic('shop-secret'),
    body: { ...anyQuery, range: { from: '2024-02-01', to: '2024-01-01' } },
  });
  expect(backwards.json()).toMatchObject({
    error: { code: 'INVALID_QUERY', message: 'the range ends before it begins' },
  });
  const pinned = await ask(basic('shop-secret'), 1, '&zone=b');
  expect(pinned.statusCode).toBe(503);
  expect(pinned.headers['retry-after']).toBe('1');
  expect(pinned.json<{ error: { message: string } }>().error.message).toContain('in zone "b"');
  expect((await ask(basic('shop-secret'), 1, '&zone=x')).statusCode).toBe(400);
});

test('streams updates as lines, the result last', async () => {
  const response = await ask({ ...basic('shop-secret'), accept: 'application/x-ndjson' }, 1);
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  const updates = response.payload
    .trim()
    .split('\n')
    .map((text) => queryUpdateSchema.parse(JSON.parse(text)));
  expect(updates.at(0)?.type).toBe('progress');
  expect(updates.at(-1)?.type).toBe('result');
});

test('streams updates as server-sent events, and asks by GET what a URL holds', async () => {
  const query = encodeURIComponent(JSON.stringify(anyQuery));
  const url = `/api/v1/query?project_id=1&query=${query}`;
  const accept = 'text/event-stream';
  const response = await call({ url, headers: { ...basic('shop-secret'), accept } });
  expect(response.headers['content-type']).toBe(accept);
  const events = response.payload.split('\n\n').filter((text) => text !== '');
  expect(events.at(0)).toMatch(/^event: progress\ndata: \{"type":"progress"/);
  expect(events.at(-1)).toMatch(/^event: result\ndata: \{"type":"result"/);
  const whole = await call({ url, headers: basic('shop-secret') });
  expect(totalOf(queryAnswerSchema.parse(whole.json()).result)).toBe(15);
  const broken = await call({
    url: '/api/v1/query?project_id=1&query={',
    headers: basic('shop-secret'),
  });
  expect(broken.json()).toMatchObject({ error: { message: 'query: is no JSON' } });
});

test('says who the credentials are of and what they open, in pages', async () => {
  const get = (path: string, headers = {}) => call({ url: `/api/v1/${path}`, headers });
  expect((await get('me', basic('shop-secret'))).json()).toMatchObject({
    user: null,
    guest: false,
    projects: [{ id: 1, role: 'analyst' }],
  });
  expect((await get('me')).json()).toMatchObject({ guest: true, projects: [{ isDemo: true }] });
  const page = await get('projects?limit=1', basic('robot', 'robot-secret'));
  expect(page.json()).toMatchObject({ projects: [{ id: 1, name: 'Shop', role: 'admin' }] });
});

test('makes a project once, however often the same request comes', async () => {
  const make = (key: string, name: string) =>
    call({
      method: 'POST',
      url: '/api/v1/projects',
      headers: { ...basic('robot', 'robot-secret'), 'idempotency-key': key },
      body: { name },
    });
  const first = await make('k-1', 'Once');
  expect(first.statusCode).toBe(201);
  expect(first.headers['ratelimit-remaining']).toBeDefined();
  const second = await make('k-1', 'Once');
  expect([second.statusCode, second.json()]).toEqual([201, first.json()]);
  expect(await db.project.count({ where: { name: 'Once' } })).toBe(1);
  expect((await make('k-1', 'Twice')).statusCode).toBe(422);
});

test('shows what arrived last', async () => {
  const url = '/api/v1/projects/1/live?kinds=event,rejected&max=5';
  expect((await call({ url, headers: basic('shop-secret') })).json()).toEqual({ entries: [] });
  expect((await call({ url: '/api/v1/projects/1/live?kinds=all' })).statusCode).toBe(401);
});

test('lists names over REST', async () => {
  lqs.behave = (request, response) => {
    expect(request.path).toBe('/lqs/names');
    response.end(
      JSON.stringify({
        events: [{ name: 'Buy', count: 3 }],
        properties: [
          { scope: 'event', name: 'price', types: ['number'], count: 3 },
          { scope: 'person', name: 'plan', types: ['string'], count: 2 },
        ],
        values: [{ text: 'pro', count: 2 }],
        persons: 2,
        users: 3,
      }),
    );
  };
  const get = (rest: string) =>
    call({ url: `/api/v1/names/${rest}`, headers: basic('shop-secret') });
  expect((await get('events')).json()).toEqual({
    events: [{ name: 'Buy', count: 3 }],
    next: null,
  });
  // All three users have the time of a first event.
  const first = { scope: 'person', name: '$mp_first_event_time' };
  const page = (await get('properties?limit=2')).json<{ next: string }>();
  expect(page).toMatchObject({ properties: [first, { name: 'price' }] });
  expect((await get(`properties?limit=2&cursor=${page.next}`)).json()).toMatchObject({
    properties: [{ name: 'plan' }],
    next: null,
  });
  expect((await get('events?cursor=x')).statusCode).toBe(400);
  expect((await get('properties?scope=person')).json()).toMatchObject({
    properties: [first, { name: 'plan' }],
  });
  expect((await get('values?scope=person&name=plan')).json()).toMatchObject({
    values: [{ text: 'pro' }],
  });
  expect((await get('values?scope=planet')).statusCode).toBe(400);
  expect((await call({ url: '/api/v1/names/events?project_id=1' })).statusCode).toBe(401);
});

test('creates a project for an owner, whose new secret works at once', async () => {
  const headers = { ...(await session('anna@example.com')), origin: webUrl };
  const body = { name: 'Fresh', timezone: 'Europe/Paris' };
  const created = await call({ method: 'POST', url: '/api/v1/projects', headers, body });
  expect(created.statusCode).toBe(201);
  const { project } = created.json<{ project: { id: number; token: string; secret: string } }>();
  const read = await call({
    url: `/api/v1/projects/${project.id}`,
    headers: basic(project.secret),
  });
  expect(read.json()).toMatchObject({
    project: {
      name: 'Fresh',
      timezone: 'Europe/Paris',
      organization: 'Acme',
      token: project.token,
    },
  });
  const asRobot = async (role: 'analyst' | 'admin'): Promise<number> => {
    await db.serviceAccount.update({ where: { username: 'robot' }, data: { role } });
    const robot = basic('robot', 'robot-secret');
    return (await call({ method: 'POST', url: '/api/v1/projects', headers: robot, body }))
      .statusCode;
  };
  expect(await asRobot('analyst')).toBe(403);
  expect(await asRobot('admin')).toBe(201);
  expect((await call({ method: 'POST', url: '/api/v1/projects', body })).statusCode).toBe(401);
  expect((await call({ url: '/api/v1/projects/1' })).statusCode).toBe(401);
  expect((await call({ url: '/api/v1/projects/1000' })).statusCode).toBe(200);
});

test('streams a query and Live entries over server-sent events', async () => {
  const read = async (procedure: string, input: object, until: string): Promise<string> => {
    const query = encodeURIComponent(JSON.stringify({ json: input }));
    const address = stack.app.server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const response = await fetch(`http://127.0.0.1:${port}/trpc/${procedure}?input=${query}`, {
      headers: { accept: 'text/event-stream' },
    });
    let text = '';
    const decoder = new TextDecoder();
    const body: AsyncIterable<Uint8Array> | null = response.body;
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes(until)) break;
    }
    return text;
  };
  await stack.app.listen({ port: 0, host: '127.0.0.1' });
  const streamed = await read(
    'query.stream',
    { projectId: 1000, query: anyQuery },
    'event: return',
  );
  expect(streamed).toContain('"type":"progress"');
  expect(streamed).toContain('"type":"result"');
  const entry = {
    kind: 'rejected' as const,
    id: 'batch:0',
    receivedAt: 1,
    source: 'track' as const,
    reason: 'no event name',
    record: '{}',
  };
  await publishLive(stack.redis, demoProjectId, [entry]);
  const live = await read('live.entries', { projectId: demoProjectId }, 'no event name');
  expect(live).toMatch(/id: \d+-\d+/);
  const refused = await read('live.entries', { projectId: 1 }, 'does not exist');
  expect(refused).toContain('"code":"NOT_FOUND"');
});

test('serves the sdk compressed, with a tag, for any origin', async () => {
  const headers = { 'accept-encoding': 'gzip, deflate, br' };
  const response = await call({ url: '/sdk/arbor.js', headers });
  expect(response.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'content-encoding': 'br',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    vary: 'Accept-Encoding',
  });
  expect(brotliDecompressSync(response.rawPayload).toString()).toBe('/* sdk */ 1;');
  const etag = String(response.headers.etag);
  const again = await call({ url: '/sdk/arbor.js', headers: { 'if-none-match': `W/${etag}` } });
  expect(again.statusCode).toBe(304);
  const plain = await call({ url: '/sdk/arbor.js', headers: { 'accept-encoding': 'br;q=0' } });
  expect(plain.headers['content-encoding']).toBeUndefined();
});

test('is ready only while every part works, and names the one that does not', async () => {
  await stack.redis.del('arbor:role:etl:etl');
  const without = await call({ url: '/readyz' });
  expect(without.statusCode).toBe(503);
  expect(without.json()).toMatchObject({
    ok: false,
    parts: { postgresql: 'ok', redis: 'ok', etl: 'no etl is alive', storage: 'ok' },
  });
  await renewRole(stack.redis, 'etl', 'etl');
  const ready = await call({ url: '/readyz' });
  expect(ready.statusCode).toBe(200);
  expect(ready.json()).toMatchObject({ ok: true });
  expect((await call({ url: '/healthz' })).json()).toEqual({ ok: true });
  expect((await call({ url: '/metrics' })).headers['content-type']).toContain('text/plain');
});

test('describes every path of its rest api, and none that does not exist', async () => {
  const document = (await call({ url: '/api/v1/openapi.json' })).json<{
    openapi: string;
    paths: Record<string, Record<string, object>>;
  }>();
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([url, operations]) =>
    Object.keys(operations).map((method) => ({
      method: method.toUpperCase() as 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
      url: url.replace(/\{(\w+)\}/g, ':$1'),
    })),
  );
  expect(described.filter((route) => !stack.app.hasRoute(route))).toEqual([]);
  expect(described.length).toBeGreaterThan(60);
});

test('answers unknown paths in the same form', async () => {
  const response = await call({ url: '/api/v1/nothing?x=1' });
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({
    error: { code: 'NOT_FOUND', message: 'there is no GET /api/v1/nothing' },
  });
});
