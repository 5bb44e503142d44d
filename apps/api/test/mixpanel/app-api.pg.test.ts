import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { hashSecret } from '@arbor/db/secrets';
import type { Db } from '@arbor/db';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { applyBootstrap, parseBootstrap } from '../../src/bootstrap/bootstrap.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { basicOf } from '../support/mixpanel-app.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/* query-api.md 15 and 17, with a real database. */

let db: Db;
let dropDatabase: () => Promise<void>;
let dataDir: string;
let stack: TestApp;

beforeAll(async () => {
  ({ db, drop: dropDatabase } = await freshDatabase(inject('databaseUrl')));
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbor-app-api-'));
  const entry = { org: 'Acme', project: 'Shop', id: 1, token: 'token', secret: 'shop-secret' };
  await applyBootstrap(db, parseBootstrap(JSON.stringify([entry])));
  const { id: organizationId } = await db.organization.findFirstOrThrow({
    where: { name: 'Acme' },
  });
  await db.serviceAccount.create({
    data: { username: 'robot', role: 'admin', secretHash: hashSecret('pw'), organizationId },
  });
  const members = { live: () => Promise.resolve([]) };
  stack = await startTestApp({ db, redisUrl: inject('redisUrl'), dataDir, members });
});
afterAll(async () => {
  await stack.close();
  await rm(dataDir, { recursive: true });
  await dropDatabase();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function ask(method: Method, url: string, payload?: object, by = basicOf('robot', 'pw')) {
  const headers = { authorization: by };
  const response = await stack.app.inject({ method, url, headers, ...(payload && { payload }) });
  return [response.statusCode, response.json<Record<string, unknown>>()] as const;
}
const base = '/api/app/projects/1';

describe('15: annotations', () => {
  const date = '2024-03-05 12:00:00';

  test('are made, read, changed and deleted, with tags', async () => {
    const [, tag] = await ask('POST', `${base}/annotations/tags`, { name: 'release' });
    const { id: tagId } = tag['results'] as { id: number };
    const made = await ask('POST', `${base}/annotations`, {
      date,
      description: 'v2',
      tags: [tagId],
    });
    const user = { id: 0, first_name: 'service account robot', last_name: '' };
    const { id } = made[1]['results'] as { id: number };
    const annotation = { id, project_id: 1, date, description: 'v2', user };
    const tags = [{ id: tagId, name: 'release' }];
    expect(made).toEqual([201, { status: 'ok', results: { ...annotation, tags } }]);
    expect(await ask('GET', `${base}/annotations/tags`)).toMatchObject([200, { results: tags }]);
    const between = (from: string, to: string) =>
      ask('GET', `${base}/annotations?fromDate=${from}&toDate=${to}`);
    expect(await between('2024-03-05', '2024-03-05')).toMatchObject([200, { results: [{ id }] }]);
    expect(await between('2024-03-06', '2024-03-07')).toMatchObject([200, { results: [] }]);

    const changed = await ask('PATCH', `${base}/annotations/${id}`, {
      description: 'v3',
      tags: [],
    });
    const after = { ...annotation, description: 'v3', tags: [] };
    expect(changed).toEqual([200, { status: 'ok', results: after }]);
    expect(await ask('GET', `${base}/annotations/${id}`)).toEqual(changed);
    // Only tags in use.
    expect(await ask('GET', `${base}/annotations/tags`)).toMatchObject([200, { results: [] }]);
    expect(await ask('DELETE', `${base}/annotations/${id}`)).toEqual([
      200,
      { status: 'ok', results: { id } },
    ]);
    expect(await ask('GET', `${base}/annotations/${id}`)).toMatchObject([404, { status: 'error' }]);
  });

  test('what is wrong is refused', async () => {
    const refused = async (payload: object) => {
      const [status, body] = await ask('POST', `${base}/annotations`, payload);
      return [status, body['error']];
    };
    expect(await refused({ date: '2024-02-30', description: 'x' })).toEqual([
      400,
      'date: must be such as 2024-03-05 12:00:00, not "2024-02-30"',
    ]);
    expect(await refused({ date, description: 'x'.repeat(513) })).toEqual([
      400,
      'description: must have 1 to 512 characters',
    ]);
    expect(await refused({ date, description: 'x', tags: [99] })).toEqual([
      400,
      'tags: there is no tag 99',
    ]);
  });

  test('older clients ask below the Query API', async () => {
    const secret = basicOf('shop-secret');
    const old = (path: string) => ask('GET', `/api/2.0/annotations${path}`, undefined, secret);
    expect(await old(`/create/?date=2024-03-06&description=old`)).toEqual([200, { error: false }]);
    const [, { annotations }] = await old('/?from_date=2024-03-06&to_date=2024-03-06');
    const [{ id } = { id: 0 }] = annotations as { id: number }[];
    const shown = { date: '2024-03-06 00:00:00', description: 'old', id, project_id: 1 };
    expect(annotations).toEqual([shown]);
    expect(await old(`/update?id=${id}&date=2024-03-07&description=new`)).toEqual([
      200,
      { error: false },
    ]);
    expect(await old(`/delete?id=${id}`)).toEqual([200, { error: false }]);
    expect(await old('')).toEqual([200, { annotations: [], error: false }]);
  });
});

describe('17: schemas', () => {
  const schemaJson = {
    description: 'a song',
    properties: { secs: { type: 'number' } },
    metadata: { 'com.mixpanel': { displayName: 'Played', tags: ['core'], hidden: true } },
  };

  test('are written, merged, read and deleted, and the lexicon knows them', async () => {
    const entry = { entityType: 'event', name: 'Play', schemaJson };
    expect(await ask('POST', `${base}/schemas`, { entries: [entry] })).toEqual([
      200,
      { status: 'ok', results: { added: 1, deleted: 0 } },
    ]);
    expect(await ask('GET', `${base}/schemas`)).toEqual([200, { status: 'ok', results: [entry] }]);
    const lexicon = await db.lexiconEntry.findMany({ where: { projectId: 1 } });
    expect(lexicon).toMatchObject([
      { name: 'Play', displayName: 'Played', hidden: true, description: 'a song' },
    ]);

    const change = { metadata: { 'com.mixpanel': { tags: null, hidden: false } } };
    await ask('POST', `${base}/schemas/event/Play`, change);
    expect(await ask('GET', `${base}/schemas/event/Play`)).toMatchObject([
      200,
      { results: { metadata: { 'com.mixpanel': { displayName: 'Played', hidden: false } } } },
    ]);
    const [, { results }] = await ask('GET', `${base}/schemas/event?entity_name=Play`);
    expect((results as { schemaJson: object }[])[0]?.schemaJson).not.toHaveProperty('properties');
    expect(await ask('DELETE', `${base}/schemas/event/Play`)).toEqual([
      200,
      { status: 'ok', results: { delete_count: 1 } },
    ]);
    expect(await ask('GET', `${base}/schemas/event/Play`)).toMatchObject([404, {}]);
  });

  test('truncate leaves nothing else, and a bad schema is refused', async () => {
    const of = (name: string) => ({ entityType: 'event', name, schemaJson: {} });
    await ask('POST', `${base}/schemas`, { entries: [of('A'), of('B')] });
    expect(await ask('POST', `${base}/schemas`, { entries: [of('C')], truncate: true })).toEqual([
      200,
      { status: 'ok', results: { added: 1, deleted: 2 } },
    ]);
    const bad = { properties: { secs: { type: 'float' } } };
    const [status, { error }] = await ask('POST', `${base}/schemas/event/Play`, bad);
    expect([status, error]).toEqual([400, expect.stringContaining('properties.secs.type')]);
    const [, none] = await ask('POST', `${base}/schemas`, { truncate: true });
    expect(none).toMatchObject({ error: expect.stringMatching(/^entries: /) as string });
  });

  test('the secret of the project may read alone', async () => {
    const secret = basicOf('shop-secret');
    expect(await ask('GET', `${base}/schemas`, undefined, secret)).toMatchObject([200, {}]);
    expect(await ask('POST', `${base}/schemas`, { entries: [] }, secret)).toMatchObject([403, {}]);
  });
});

describe('ingestion-api.md 7: lookup tables', () => {
  const put = async (table: string, csv: string | Buffer, headers: object = {}) => {
    const response = await stack.app.inject({
      method: 'PUT',
      url: `/lookup-tables/${table}?project_id=1`,
      headers: { authorization: basicOf('robot', 'pw'), 'content-type': 'text/csv', ...headers },
      payload: csv,
    });
    return [response.statusCode, response.json<object>()];
  };
  const list = async () => (await ask('GET', '/lookup-tables?project_id=1'))[1];

  test('are listed, and their rows replaced, packed or not, by id or name', async () => {
    expect(await list()).toEqual({ code: 200, status: 'OK', results: [] });
    const [, made] = await ask('POST', '/api/v1/projects/1/lookup-tables', {
      name: 'Products',
      definition: {},
    });
    const { id } = made['lookupTable'] as { id: string };
    expect(await list()).toEqual({
      code: 200,
      status: 'OK',
      results: [{ id, name: 'Products' }],
    });
    const taken = [200, { code: 200, status: 'OK' }];
    expect(await put(id, 'sku,price\nk1,1.5\nk2,2\n')).toEqual(taken);
    const packed = gzipSync('sku,stock\nk3,true\n');
    expect(await put('Products', packed, { 'content-encoding': 'gzip' })).toEqual(taken);
    const [, { lookupTable }] = await ask('GET', `/api/v1/projects/1/lookup-tables/${id}`);
    expect(lookupTable).toMatchObject({ uploaded: { rows: 1, columns: [{}, { name: 'stock' }] } });
  });

  test('a row that cannot be taken refuses the file, and the first ten are told', async () => {
    const twice = Array.from({ length: 12 }, () => 'k1,2\n').join('');
    const [status, body] = await put('Products', `sku,price\nk1,1\n${twice}`);
    expect([status, body]).toMatchObject([
      400,
      {
        code: 400,
        status: 'Bad Request',
        error: '12 rows cannot be taken: the table stays as it was',
        failed_records: Array.from({ length: 10 }, (_, at) => ({
          index: 3 + at,
          message: 'its key "k1" was there before',
        })),
      },
    ]);
    const [, tables] = await ask('GET', '/api/v1/projects/1/lookup-tables');
    expect(tables).toMatchObject({
      lookupTables: [{ uploaded: { columns: [{}, { name: 'stock' }] } }],
    });
  });

  test('a table that is not there, bad packing and bad credentials are refused in the words of this host', async () => {
    expect(await put('Others', 'sku\nk1\n')).toEqual([
      404,
      { code: 404, error: 'there is no lookup table "Others"; make it first', status: 'Not Found' },
    ]);
    const cut = gzipSync('sku,price\nk1,1\n').subarray(0, 15);
    expect(await put('Products', cut, { 'content-encoding': 'gzip' })).toMatchObject([
      400,
      { error: 'the body is no gzip, or is cut short' },
    ]);
    const none = await ask('GET', '/lookup-tables?project_id=1', undefined, basicOf('robot', 'no'));
    expect(none).toEqual([
      401,
      { code: 401, error: 'Invalid credentials', status: 'Unauthorized' },
    ]);
    const large = `sku,price\n${`${'k'.repeat(300)},1\n`.repeat(350_000)}`;
    expect(await put('Products/', large)).toMatchObject([413, { code: 413 }]);
  });
});
