import { brotliCompressSync, gzipSync } from 'node:zlib';
import { d1 } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { basicOf, mixpanelApp, secret } from '../support/mixpanel-app.ts';

/* query-api.md 1: what all endpoints have in common. */

const { app, get } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 12, 12) });
const dates = 'from_date=2024-03-04&to_date=2024-03-04';
const url = `/api/query/segmentation?event=Play&${dates}`;
const authorization = basicOf(secret);
const play = { data: { values: { Play: { '2024-03-04': 1 } } } };

test.each([
  ['a form', 'application/x-www-form-urlencoded', `event=Play&${dates}`],
  ['JSON', 'application/json', '{"event":"Play","from_date":"2024-03-04","to_date":"2024-03-04"}'],
  [
    'JSON as a form',
    'application/x-www-form-urlencoded',
    ' {"event":"Play","from_date":"2024-03-04","to_date":"2024-03-04"}',
  ],
  ['a compressed form', 'application/x-www-form-urlencoded', gzipSync(`event=Play&${dates}`)],
])('1.1 parameters come by %s', async (_, type, payload) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/query/segmentation',
    headers: { authorization, 'content-type': type },
    payload,
  });
  expect(response.json()).toMatchObject(play);
});

test('1.1 what is JSON is a text in a form, and as it is in a JSON body', async () => {
  const payloads = [{ event: ['Play'] }, { event: '["Play"]' }];
  for (const payload of payloads) {
    const response = await app.inject({
      method: 'POST',
      url: `/api/query/events?${dates}&query_origin=x&_=1`,
      headers: { authorization },
      payload,
    });
    expect(response.json()).toMatchObject(play);
  }
});

test.each([
  ['no JSON', '{"event":', 'the body is no JSON'],
  ['a list', '[1]', 'the body must be a JSON object of parameters'],
])('1.3 a body that is %s is refused', async (_, payload, error) => {
  const response = await app.inject({ method: 'POST', url, headers: { authorization }, payload });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toEqual({ error, request: '/api/query/segmentation', status: 'error' });
});

test('1.3 a body that is too large is 413', async () => {
  const payload = `where=${'x'.repeat(11 * 1024 * 1024)}`;
  const response = await app.inject({ method: 'POST', url, headers: { authorization }, payload });
  expect(response.statusCode).toBe(413);
  expect(response.json()).toMatchObject({ status: 'error' });
});

test('1.3 so is one that is too large when it is unpacked, and another packing than gzip is refused by its name', async () => {
  const send = async (payload: Buffer, packing: string): Promise<[number, string]> => {
    const headers = { authorization, 'content-encoding': packing };
    const response = await app.inject({ method: 'POST', url, headers, payload });
    return [response.statusCode, response.json<{ error: string }>().error];
  };
  const large = `where=${'x'.repeat(11 * 1024 * 1024)}`;
  expect(await send(gzipSync(large), 'gzip')).toEqual([
    413,
    'request exceeds max limit of 10485760 bytes',
  ]);
  expect(await send(brotliCompressSync('event=Play'), 'br')).toEqual([
    400,
    'content-encoding "br" is not supported: send gzip, or the body as it is',
  ]);
});

const status = async (path: string, headers: Record<string, string>) => {
  const response = await app.inject({ url: path, headers });
  return [response.statusCode, response.json<{ error?: string }>().error] as const;
};

test('1.2 a service account names the project, by parameter or header', async () => {
  const robot = { authorization: basicOf('robot', 'pw') };
  expect((await status(`${url}&project_id=1`, robot))[0]).toBe(200);
  expect((await status(url, { ...robot, 'project-id': '1' }))[0]).toBe(200);
  expect((await status(`${url}&project_id=1`, { authorization: 'Basic robot:pw' }))[0]).toBe(200);
  expect(await status(url, robot)).toEqual([400, 'project_id: is missing']);
  expect(await status(`${url}&project_id=x`, robot)).toEqual([
    400,
    'project_id: "x" is no number of a project',
  ]);
});

test('1.2 what is no credential is 401, one that does not open the project 403', async () => {
  expect((await status(`${url}&project_id=1`, {}))[0]).toBe(401);
  expect(await status(url, { authorization: basicOf('wrong') })).toEqual([
    401,
    'the credentials are not valid',
  ]);
  const stranger = { authorization: basicOf('stranger', 'pw') };
  const text = (id: number) => `these credentials do not open project ${id}`;
  expect(await status(`${url}&project_id=1`, stranger)).toEqual([403, text(1)]);
  expect(await status(`${url}&project_id=77`, stranger)).toEqual([403, text(77)]);
  expect(await status(`${url}&project_id=2`, { authorization })).toEqual([403, text(2)]);
});

test('1.2 a token is the secret, or an account with its secret', async () => {
  expect(await status(url, { authorization: `Bearer ${secret}` })).toEqual([200, undefined]);
  const robot = { authorization: 'Bearer robot:pw' };
  expect(await status(`${url}&project_id=1`, robot)).toEqual([200, undefined]);
  expect((await status(url, { authorization: 'Bearer abc' }))[0]).toBe(401);
});

test('1.2 what is not supported says what is', async () => {
  expect(await status(`${url}&api_key=a&expire=1&sig=b`, {})).toEqual([
    401,
    'signed requests (api_key, expire, sig) are not supported: send the project secret by HTTP Basic',
  ]);
});

test('18 /me: who the credentials are, and which projects they open', async () => {
  const me = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await app.inject({
      url: '/api/app/me/?include_workspace_users=false',
      headers,
    });
    return [response.statusCode, response.json<object>()];
  };
  const ofProject = {
    organizations: { 10: { id: 10, name: 'Org' } },
    projects: {
      1: {
        id: 1,
        name: 'Music',
        timezone: 'UTC',
        organization_id: 10,
        domain: '',
        role: 'consumer',
      },
    },
  };
  const nobody = { user_id: null, user_name: null, user_email: null };
  expect(await me(basicOf('robot', 'pw'))).toEqual([
    200,
    { status: 'ok', results: { ...nobody, user_name: 'robot', ...ofProject } },
  ]);
  expect(await me(basicOf(secret))).toMatchObject([
    200,
    { results: { ...nobody, projects: { 1: { name: 'Music', role: 'analyst' } } } },
  ]);
  expect(await me(basicOf('robot', 'wrong'))).toMatchObject([401, { status: 'error' }]);
  expect(await me()).toMatchObject([401, { error: 'this needs credentials', status: 'error' }]);
});

test('1.3 a path that does not exist is 404 in the same form', async () => {
  expect(await get('/api/2.0/nothing')).toEqual({
    status: 404,
    body: {
      error: 'there is no GET /api/2.0/nothing',
      request: '/api/2.0/nothing',
      status: 'error',
    },
  });
});

test.each([
  [{ event: '' }, 'event: is missing'],
  [{ from_date: '' }, 'from_date: is missing'],
  [{ to_date: '2024-02-30' }, 'to_date: must be a date such as 2024-03-04, not "2024-02-30"'],
  [{ from_date: '2024-03-07' }, 'from_date: 2024-03-07 lies after to_date 2024-03-06'],
  [{ unit: 'year' }, 'unit: must be one of minute, hour, day, week, month, not "year"'],
  [{ type: 'all' }, 'type: must be one of general, unique, average, not "all"'],
  [{ limit: '10001', on: 'song' }, 'limit: must be a whole number from 1 to 10000, not "10001"'],
  [{ where: 'properties["a"] = 1' }, 'where: character 17: found "=", expected "==" to compare'],
  [
    { where: 'properties["song"] and true' },
    'the formula of "where" cannot be evaluated: character 1: found a value of type string, expected true, false or a missing value beside "and"; boolean(…) makes one',
  ],
])('1.3 %j is 400 with the parameter and what is wrong', async (parameters, error) => {
  const given = { event: 'Play', from_date: '2024-03-04', to_date: '2024-03-06', ...parameters };
  expect(await get('/api/query/segmentation', given as Record<string, string>)).toMatchObject({
    status: 400,
    body: { error, status: 'error' },
  });
});
