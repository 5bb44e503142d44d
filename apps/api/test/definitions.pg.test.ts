import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Db } from '@arbor/db';
import type { QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { applyBootstrap, parseBootstrap } from '../src/bootstrap/bootstrap.ts';
import { composeDefinitions } from '../src/definitions/compose-definitions.ts';
import type { ResolvedQuery } from '../src/definitions/query-definitions.ts';
import type { FakeLqs } from './support/fake-lqs.ts';
import { startFakeLqs } from './support/fake-lqs.ts';
import { freshDatabase } from './support/fresh-database.ts';
import type { TestApp } from './support/test-app.ts';
import { startTestApp, webUrl } from './support/test-app.ts';

let db: Db;
let dropDatabase: () => Promise<void>;
let dataDir: string;
let lqs: FakeLqs;
let stack: TestApp;
/** Headers of the owner's session, and of a script that is an analyst. */
let owner: Record<string, string>;
let analyst: Record<string, string>;

const project = 1;
const basic = (user: string, secret = ''): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
});

beforeAll(async () => {
  ({ db, drop: dropDatabase } = await freshDatabase(inject('databaseUrl')));
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbor-definitions-'));
  const entry = {
    org: 'Acme',
    project: 'Shop',
    id: project,
    token: 'shop-token',
    secret: 'shop-secret',
    owner: { email: 'anna@example.com', password: 'a-long-password' },
  };
  const other = {
    org: 'Other',
    project: 'Blog',
    id: 2,
    token: 'blog-token',
    secret: 'blog-secret',
  };
  await applyBootstrap(db, parseBootstrap(JSON.stringify([entry, other])));
  lqs = await startFakeLqs('a', [0, 1, 2, 3]);
  const members = { live: () => Promise.resolve([lqs.member]) };
  stack = await startTestApp({ db, redisUrl: inject('redisUrl'), dataDir, members });
  const signedIn = await stack.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin: webUrl },
    payload: { email: entry.owner.email, password: entry.owner.password },
  });
  owner = { cookie: String(signedIn.headers['set-cookie']).split(';')[0] ?? '', origin: webUrl };
  analyst = basic('shop-secret');
});

afterAll(async () => {
  await stack.close();
  await lqs.close();
  await rm(dataDir, { recursive: true });
  await dropDatabase();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function call(
  method: Method,
  url: string,
  body?: object | string,
  headers = analyst,
): Promise<{ status: number; body: unknown }> {
  const csv = typeof body === 'string' ? { 'content-type': 'text/csv' } : {};
  const response = await stack.app.inject({
    method,
    url: `/api/v1/projects/${project}/${url}`,
    headers: { ...headers, ...csv },
    ...(body === undefined ? {} : { payload: body }),
  });
  const text = response.body;
  const isJson = String(response.headers['content-type']).includes('json');
  return { status: response.statusCode, body: isJson ? JSON.parse(text) : text };
}

/** Makes a definition; returns its id. */
async function make(kindPath: string, name: string, definition: object, headers = analyst) {
  const { status, body } = await call('POST', kindPath, { name, definition }, headers);
  expect(body).toMatchObject({});
  expect(status).toBe(201);
  const [made] = Object.values(body as Record<string, { id: string }>);
  return made?.id ?? '';
}

async function resolve(query: QueryInput): Promise<ResolvedQuery> {
  const { saved } = composeDefinitions(db, Date.now);
  const { definitionsVersion } = await db.project.findUniqueOrThrow({ where: { id: project } });
  return saved.resolve({ id: project, definitionsVersion }, querySchema.parse(query));
}

const range = { from: '2024-03-01', to: '2024-03-10' };
const total = (event: string | null): QueryInput => ({
  type: 'insights',
  range,
  metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'total' } }],
});
const inCohort = (id: string) => ({
  type: 'cohort' as const,
  operator: 'in' as const,
  cohorts: [{ type: 'saved' as const, id }],
});
const bought = {
  type: 'behavior',
  selector: { anyOf: [{ event: 'Order' }] },
  span: { type: 'ever' },
} as const;

test('saves, lists, changes and archives a cohort', async () => {
  const id = await make('cohorts', 'Buyers', { type: 'live', filters: [bought] });
  expect(id).toMatch(/^[0-9a-z]{13}$/);
  const listed = await call('GET', 'cohorts');
  expect(listed.body).toMatchObject({
    cohorts: [
      {
        id,
        name: 'Buyers',
        description: '',
        definition: { type: 'live', filters: [{ type: 'behavior', count: { value: 1 } }] },
        uploaded: null,
        createdBy: 'the project secret',
        archived: false,
      },
    ],
  });
  const changed = await call('PATCH', `cohorts/${id}`, { description: 'ever' });
  expect(changed.body).toMatchObject({ cohort: { name: 'Buyers', description: 'ever' } });
  expect(await resolve({ type: 'cohort', filters: [inCohort(id)] })).toMatchObject({
    query: { filters: [{ cohorts: [{ type: 'conditions', name: 'Buyers' }] }] },
  });

  expect((await call('DELETE', `cohorts/${id}`)).status).toBe(204);
  expect((await call('GET', 'cohorts')).body).toEqual({ cohorts: [], next: null });
  expect((await call('GET', 'cohorts?archived=true')).body).toMatchObject({
    cohorts: [{ id, archived: true }],
  });
  await expect(resolve({ type: 'cohort', filters: [inCohort(id)] })).rejects.toThrow(
    `there is no cohort with the id "${id}" in this project`,
  );
  await call('PATCH', `cohorts/${id}`, { archived: false });
  expect(await resolve({ type: 'cohort', filters: [inCohort(id)] })).toBeDefined();
});

test('refuses a cohort that names what does not exist, or that would hold itself', async () => {
  const missing = { type: 'live', filters: [inCohort('nobody')] };
  const refused = await call('POST', 'cohorts', { name: 'x', definition: missing });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: 'there is no cohort with the id "nobody" in this project' } },
  });
  const inner = await make('cohorts', 'inner', { type: 'live', filters: [bought] });
  const outer = await make('cohorts', 'outer', { type: 'live', filters: [inCohort(inner)] });
  const circle = await call('PATCH', `cohorts/${inner}`, {
    definition: { type: 'live', filters: [inCohort(outer)] },
  });
  expect(circle.body).toMatchObject({
    error: {
      code: 'INVALID_QUERY',
      message: `a definition holds itself: cohort "${inner}" → cohort "${outer}" → cohort "${inner}"`,
    },
  });
  expect(await call('DELETE', `cohorts/${inner}`)).toMatchObject({
    status: 409,
    body: {
      error: {
        message: `cohort "${inner}" is used by cohort "outer" (${outer}): change that first`,
      },
    },
  });
});

test('keeps the definitions of a project from everybody else', async () => {
  const id = await make('custom-events', 'W', { matches: [{ event: 'A' }] });
  const url = `/api/v1/projects/2/custom-events/${id}`;
  const foreign = await stack.app.inject({ url, headers: basic('blog-secret') });
  expect(foreign.json()).toMatchObject({
    error: { message: `there is no custom event with the id "${id}" in this project` },
  });
  expect((await call('GET', 'custom-events', undefined, basic('blog-secret'))).status).toBe(404);
});

test('freezes a list of users from a file, and says which rows it refused', async () => {
  await db.identifier.createMany({
    data: [
      { project, identifier: 'ada@old', canonical: 'ada', kind: 'identified' },
      { project, identifier: 'ada', canonical: 'ada', kind: 'identified' },
    ],
  });
  const id = await make('cohorts', 'Friends', { type: 'frozen' });
  const csv =
    'name,distinct_id\r\nAda,ada@old\nBob,bob\nBob again,bob\nNobody,\n"x",y,z\nAda,ada\n';
  const uploaded = await call('PUT', `cohorts/${id}/members`, csv);
  expect(uploaded.body).toMatchObject({
    upload: {
      rows: 3,
      columns: [{ name: 'distinct_id', type: 'text' }],
      refused: 3,
      problems: [
        { line: 4, reason: 'its id "bob" was there before' },
        { line: 5, reason: 'its id is empty' },
        { line: 6, reason: 'it has 3 cells, the first line has 2' },
      ],
    },
  });
  expect((await call('GET', `cohorts/${id}`)).body).toMatchObject({
    cohort: { uploaded: { rows: 3 } },
  });
  const { query } = await resolve({ type: 'cohort', filters: [inCohort(id)] });
  expect(query).toMatchObject({
    filters: [{ cohorts: [{ type: 'users', name: 'Friends', ids: ['ada', 'bob'] }] }],
  });

  expect((await call('PUT', `cohorts/${id}/members`, 'distinct_id\ncleo\n')).status).toBe(200);
  const later = await resolve({ type: 'cohort', filters: [inCohort(id)] });
  expect(later.query).toMatchObject({ filters: [{ cohorts: [{ ids: ['cleo'] }] }] });
});

test('refuses a file of members that it cannot read, and keeps those of before', async () => {
  const id = await make('cohorts', 'Kept', { type: 'frozen' });
  await call('PUT', `cohorts/${id}/members`, 'distinct_id\nada\n');
  const refused = [
    ['email\nada\n', 'the first line names no column distinct_id, but ["email"]'],
    ['', 'the file is empty: its first line must name the columns'],
    ['distinct_id\n"ada', 'line 2: a quoted cell never ends'],
  ] as const;
  for (const [csv, message] of refused) {
    const answer = await call('PUT', `cohorts/${id}/members`, csv);
    expect(answer).toMatchObject({ status: 400, body: { error: { message } } });
  }
  const { query } = await resolve({ type: 'cohort', filters: [inCohort(id)] });
  expect(query).toMatchObject({ filters: [{ cohorts: [{ ids: ['ada'] }] }] });

  const live = await make('cohorts', 'Live', { type: 'live', filters: [bought] });
  expect((await call('PUT', `cohorts/${live}/members`, 'distinct_id\nada\n')).body).toMatchObject({
    error: { message: `cohort "${live}" follows from its conditions: nothing can be uploaded` },
  });
});

test('reads the columns of a lookup table with their types, by its id and its name', async () => {
  const id = await make('lookup-tables', 'Products', {});
  const csv =
    'sku,category,price,stock,code\nk1,fruit,1.5,true,007\nk2,,2,false,8\nk1,veg,3,true,9\n';
  const uploaded = await call('PUT', `lookup-tables/${id}/rows`, csv);
  expect(uploaded.body).toMatchObject({
    upload: {
      rows: 2,
      refused: 1,
      problems: [{ line: 4, reason: 'its key "k1" was there before' }],
      columns: [
        { name: 'sku', type: 'text' },
        { name: 'category', type: 'text' },
        { name: 'price', type: 'number' },
        { name: 'stock', type: 'boolean' },
        { name: 'code', type: 'text' },
      ],
    },
  });
  const lookup = (table: string, column: string) => ({
    property: {
      scope: 'event',
      name: 'item',
      computed: { type: 'lookup', table, column },
    } as const,
  });
  const { definitions } = await resolve({
    ...(total('Order') as Extract<QueryInput, { type: 'insights' }>),
    breakdowns: [
      lookup('Products', 'category'),
      lookup(id, 'price'),
      lookup(id, 'stock'),
      lookup(id, 'no'),
    ],
  });
  expect(definitions.lookup('Products', 'category')).toEqual({ keys: ['k1'], values: ['fruit'] });
  expect(definitions.lookup(id, 'price')).toEqual({ keys: ['k1', 'k2'], values: [1.5, 2] });
  expect(definitions.lookup(id, 'stock')).toEqual({ keys: ['k1', 'k2'], values: [true, false] });
  expect(definitions.lookup(id, 'no')).toBeUndefined();
  const users = await resolve({
    type: 'users',
    filters: [
      {
        type: 'property',
        property: { ...lookup(id, 'category').property, scope: 'person' },
        operator: 'is_set',
        values: [],
      },
    ],
  });
  expect(users.definitions.lookup(id, 'category')?.keys).toEqual(['k1']);
  const twice = await call('POST', 'lookup-tables', { name: 'Products', definition: {} });
  expect(twice).toMatchObject({
    status: 409,
    body: { error: { message: 'another lookup table of this project has the name already' } },
  });
});

test('keeps tables of more rows than a chunk holds, in their order', async () => {
  const id = await make('cohorts', 'Many', { type: 'frozen' });
  const ids = Array.from({ length: 25_003 }, (_, n) => `user-${n}`);
  await call('PUT', `cohorts/${id}/members`, `distinct_id\n${ids.join('\n')}\n`);
  const { query } = await resolve({ type: 'cohort', filters: [inCohort(id)] });
  expect(query).toMatchObject({ filters: [{ cohorts: [{ ids }] }] });
});

test('lets go of lists that nobody names for long', async () => {
  let now = Date.now();
  const { definitions } = composeDefinitions(db, () => now);
  const nobody = { plan: () => null };
  const queries = { run: () => Promise.reject(new Error('no query is asked here')) };
  const service = definitions({ engine: nobody, queries });
  const { id } = await db.definition.findFirstOrThrow({ where: { name: 'Kept' } });
  const row = await stack.app.inject({ url: `/api/v1/projects/${project}`, headers: analyst });
  const { project: shop } = row.json<{ project: { timezone: string } }>();
  const authorized = {
    ...shop,
    id: project,
    role: 'owner',
    spread: 1,
    definitionsVersion: 0,
  } as never;
  const upload = (text: string) =>
    service.upload(authorized, 'cohort', id, Readable.from([Buffer.from(text)]), { type: 'guest' });
  const before = await db.content.count({ where: { unusedAt: { not: null } } });
  await upload('distinct_id\nada\n');
  expect(await db.content.count({ where: { unusedAt: { not: null } } })).toBe(before + 1);
  now += 3_600_001;
  await upload('distinct_id\nada\n');
  // What was replaced just now is still there for whoever began before.
  expect(await db.content.count({ where: { unusedAt: { not: null } } })).toBe(1);
});

test('refuses in a custom event what is no event of its own', async () => {
  const refused = await call('POST', 'custom-events', {
    name: 'S',
    definition: { matches: [{ event: '$session_start' }] },
  });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: 'definition: $session_start is no part of a custom event' } },
  });
});

test('lets analysts compute properties, and only admins borrow them', async () => {
  const formula = { type: 'formula', expression: 'properties["a"] * 2' };
  await make('custom-properties', 'Double', {
    property: { scope: 'event', name: 'double', computed: formula },
  });
  const selector = { anyOf: [{ event: 'Signup' }] };
  const borrowed = {
    property: { scope: 'event', name: 'source', computed: { type: 'borrowed', selector } },
  };
  const refused = await call('POST', 'custom-properties', { name: 'Source', definition: borrowed });
  expect(refused).toMatchObject({ status: 403 });
  await make('custom-properties', 'Source', borrowed, owner);
});

test('hides, describes and merges events, and forgets it again', async () => {
  const hidden = { hidden: true, description: 'noise' };
  expect((await call('PUT', 'events/Ping', hidden)).status).toBe(403);
  expect((await call('PUT', 'events/Ping', hidden, owner)).body).toEqual({
    settings: { ...hidden, name: 'Ping', displayName: null, mergedInto: null },
  });
  await call('PUT', `events/${encodeURIComponent('Old ping/1')}`, { mergedInto: 'Ping' }, owner);
  const { query, definitions } = await resolve(total('Old ping/1'));
  expect([...definitions.hiddenEvents].sort()).toEqual(['Old ping/1', 'Ping']);
  const names = [{ event: 'Ping' }, { event: 'Old ping/1' }];
  expect(query).toMatchObject({
    metrics: [{ selector: { anyOf: [{ event: null, definition: names }] } }],
  });
  expect(await call('PUT', 'events/Ping', { mergedInto: 'Old ping/1' }, owner)).toMatchObject({
    status: 400,
    body: { error: { message: 'mergedInto: "Old ping/1" is merged into "Ping" already' } },
  });
  expect((await call('GET', 'events')).body).toMatchObject({
    events: [{ name: 'Old ping/1' }, { name: 'Ping', hidden: true }],
  });
  expect((await call('DELETE', 'events/Ping', undefined, owner)).status).toBe(204);
  expect((await resolve(total('A'))).definitions.hiddenEvents).toEqual([]);
});

test('writes down who changed what, and shows it to those who manage the project', async () => {
  const id = await make('cohorts', 'Watched', { type: 'frozen' }, owner);
  await call('PATCH', `cohorts/${id}`, { name: 'Seen' }, owner);
  await call('PUT', `cohorts/${id}/members`, 'distinct_id\nada\n');
  await call('DELETE', `cohorts/${id}`);
  expect((await call('GET', 'audit')).status).toBe(403);
  const page = async (query: string) =>
    (await call('GET', `audit?${query}`, undefined, owner)).body as {
      entries: { actor: string; action: string; details: { before: unknown; after: unknown } }[];
      next: string | null;
    };
  const { entries, next } = await page(`target=${id}`);
  expect(next).toBeNull();
  const secret = 'the project secret';
  expect(entries.map(({ actor, action }) => [actor, action])).toEqual([
    [secret, 'cohort.change'],
    [secret, 'cohort.upload'],
    ['anna@example.com', 'cohort.change'],
    ['anna@example.com', 'cohort.create'],
  ]);
  expect(entries[0]?.details).toMatchObject({
    before: { archived: false },
    after: { archived: true },
  });
  expect(entries[2]?.details).toMatchObject({
    before: { name: 'Watched' },
    after: { name: 'Seen' },
  });
  const first = await page(`target=${id}&limit=3`);
  expect(first.entries).toHaveLength(3);
  expect((await page(`target=${id}&limit=3&cursor=${first.next ?? ''}`)).entries).toHaveLength(1);
  await call('PUT', 'events/Tick', { hidden: true }, owner);
  await call('DELETE', 'events/Tick', undefined, owner);
  await call('PUT', 'session-settings', {}, owner);
  const { entries: last } = await page('limit=3');
  expect(last.map(({ action }) => action)).toEqual([
    'sessions.change',
    'event.describe',
    'event.describe',
  ]);
  expect(last[1]?.details).toMatchObject({ before: { hidden: true }, after: null });
});

test('merges properties of events, and none of persons', async () => {
  await call('PUT', 'properties/event/Country', { mergedInto: 'country' }, owner);
  const { definitions } = await resolve(total('A'));
  expect(definitions.propertyNames('country')).toEqual(['country', 'Country']);
  expect(definitions.propertyNames('Country')).toEqual(['country', 'Country']);
  expect(definitions.propertyNames('city')).toBeUndefined();
  expect(await call('PUT', 'properties/person/Plan', { mergedInto: 'plan' }, owner)).toMatchObject({
    status: 400,
  });
});

test('sets how sessions are cut', async () => {
  const defaults = {
    mode: { type: 'timeout', timeoutMs: 1_800_000 },
    excluded: [],
    properties: [],
  };
  expect((await call('GET', 'session-settings')).body).toEqual({ sessionSettings: defaults });
  const settings = { mode: { type: 'property', name: 'session' }, excluded: ['Noise'] };
  expect((await call('PUT', 'session-settings', settings)).status).toBe(403);
  expect((await call('PUT', 'session-settings', settings, owner)).body).toEqual({
    sessionSettings: { ...settings, properties: [] },
  });
  expect((await resolve(total('A'))).definitions.sessions).toMatchObject(settings);
  const short = { mode: { type: 'timeout', timeoutMs: 1000 } };
  expect((await call('PUT', 'session-settings', short, owner)).status).toBe(400);
  const custom = { excluded: ['$custom_event:x'] };
  expect((await call('PUT', 'session-settings', custom, owner)).body).toMatchObject({
    error: { message: 'excluded: "$custom_event:x" is a custom event, name its events' },
  });
});

test('asks a query with what is saved at that moment', async () => {
  const id = await make('custom-events', 'Anything', { matches: [{ event: 'A' }] });
  const ask = () =>
    stack.app.inject({
      method: 'POST',
      url: `/api/v1/query?project_id=${project}`,
      headers: analyst,
      payload: total(`$custom_event:${id}`) as object,
    });
  expect((await ask()).statusCode).toBe(200);
  await call('DELETE', `custom-events/${id}`);
  expect((await ask()).json()).toMatchObject({
    error: {
      code: 'INVALID_QUERY',
      message: `there is no custom event with the id "${id}" in this project`,
    },
  });
});
