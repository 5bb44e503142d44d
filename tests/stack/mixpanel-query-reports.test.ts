import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { d1 } from '@arbor/engine/test/examples/sample-data';
import { bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/*
 * Mixpanel's Query API (query-api.md 1 to 7 and 13) as its clients ask it: sent by /import and /engage, asked over
 * HTTP with the project's secret or a service account. The sample data is D1 of reports.md 1; what each parameter does
 * is tested beside the api.
 */

const project = testProject(61, 'mixpanel-reports');
const other = testProject(62, 'mixpanel-other');
const basic = (credential: string): string => `Basic ${Buffer.from(credential).toString('base64')}`;
const bySecret = { authorization: basic(`${project.secret}:`) };
/** The service account of all projects of these tests (`support/project.ts`), as plain text, which some clients send. */
const byAccount = { authorization: 'Basic test-admin:a-long-test-secret' };

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({
    web: false,
    demo: false,
    bootstrap: bootstrapOf([project, other]),
  });
  const events = d1.events.map(({ user, event, time, properties }, i) => ({
    event,
    properties: { ...properties, time, distinct_id: user, $insert_id: `d1-${i}` },
  }));
  const updates = Object.entries(d1.people).map(([user, properties]) => ({
    $token: project.token,
    $distinct_id: user,
    $set: properties,
  }));
  await send('/import?strict=1', events, bySecret);
  await send('/engage', updates, {});
  await until(
    () => countEvents(stack.apiUrl, project),
    ({ total }) => total === d1.events.length,
  );
  await until(
    () => get('/api/query/segmentation', { ...play, on: 'user["plan"]', unit: 'month' }),
    ({ body }) => Object.keys(valuesOf(body)).length === 2,
  );
});
afterAll(async () => {
  await stack.stop();
});

async function send(path: string, records: object[], headers: Record<string, string>) {
  const response = await fetch(new URL(path, stack.apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(records),
  });
  expect(response.status).toBe(200);
}

async function get(
  path: string,
  parameters: Readonly<Record<string, string>>,
  headers: Record<string, string> = bySecret,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const url = new URL(path, stack.apiUrl);
  url.search = new URLSearchParams(parameters).toString();
  const response = await fetch(url, { headers });
  return { status: response.status, body: await response.json() };
}

const play = { event: 'Play', from_date: '2024-03-04', to_date: '2024-03-06' };
const valuesOf = (body: unknown) =>
  (body as { data?: { values: Record<string, Record<string, number>> } }).data?.values ?? {};

test('1.2 the secret and a service account open the project, and no other', async () => {
  const ofAccount = { ...play, project_id: String(project.id) };
  const answer = await get('/api/query/segmentation', play);
  expect(valuesOf(answer.body)).toEqual({
    Play: { '2024-03-04': 1, '2024-03-05': 2, '2024-03-06': 2 },
  });
  expect(await get('/api/2.0/segmentation/', ofAccount, byAccount)).toEqual(answer);
  expect((await get('/api/query/segmentation', { ...play, project_id: '62' })).status).toBe(403);
  expect((await get('/api/query/segmentation', ofAccount, {})).status).toBe(401);
  const wrong = { authorization: basic('test-admin:wrong') };
  expect((await get('/api/query/segmentation', ofAccount, wrong)).status).toBe(401);
});

test('4 the segmentation family', async () => {
  const bySong = await get('/api/query/segmentation', { ...play, on: 'properties["song"]' });
  expect(bySong.body).toMatchObject({ legend_size: 3 });
  expect(valuesOf(bySong.body)['A']).toEqual({
    '2024-03-04': 1,
    '2024-03-05': 1,
    '2024-03-06': 1,
  });
  const where = 'user["plan"] == "pro" and "rock" in properties["tags"]';
  expect(valuesOf((await get('/api/query/segmentation', { ...play, where })).body)).toEqual({
    Play: { '2024-03-04': 1, '2024-03-05': 1, '2024-03-06': 0 },
  });
  const secs = { ...play, on: 'secs', to_date: '2024-03-05' };
  expect((await get('/api/query/segmentation/sum', secs)).body).toMatchObject({
    status: 'ok',
    results: { '2024-03-04': 100, '2024-03-05': 250 },
  });
  expect((await get('/api/query/segmentation/average', secs)).body).toMatchObject({
    results: { '2024-03-04': 100, '2024-03-05': 125 },
  });
  expect((await get('/api/query/segmentation/numeric', secs)).body).toMatchObject({
    data: { values: { '100 - 120': { '2024-03-04': 1, '2024-03-05': 0 } } },
  });
});

test('5 the events family', async () => {
  const dates = { from_date: '2024-03-04', to_date: '2024-03-06' };
  const events = await get('/api/2.0/events', { ...dates, event: '["Play","Signup"]' });
  expect(valuesOf(events.body)['Signup']).toEqual({
    '2024-03-04': 2,
    '2024-03-05': 1,
    '2024-03-06': 0,
  });
  expect((await get('/api/2.0/events/names', dates)).body).toEqual(['Play', 'Signup']);
  expect((await get('/api/2.0/events/top', {})).body).toEqual({ type: 'general', events: [] });
  const song = { ...dates, event: 'Play', name: 'song' };
  expect((await get('/api/2.0/events/properties/values', song)).body).toEqual(['A', 'B', 'C']);
  const top = await get('/api/2.0/events/properties/top', { ...song, limit: '1000' });
  expect(top.body).toMatchObject({ song: { count: 5 }, secs: { count: 5 } });
  expect(valuesOf((await get('/api/2.0/events/properties', song)).body)['C']).toEqual({
    '2024-03-04': 0,
    '2024-03-05': 0,
    '2024-03-06': 1,
  });
});

test('6 funnels', async () => {
  const question = { from_date: '2024-03-04', to_date: '2024-03-05', events: '["Signup","Play"]' };
  expect((await get('/api/query/funnels', question)).body).toMatchObject({
    meta: { dates: ['2024-03-04', '2024-03-05'] },
    data: {
      '2024-03-04': {
        steps: [{ count: 2 }, { count: 2, avg_time: 41_700 }],
        analysis: { completion: 2, starting_amount: 2, steps: 2, worst: 1 },
      },
    },
  });
  expect(await get('/api/query/funnels/list', {})).toEqual({ status: 200, body: [] });
});

test('7 retention and addiction', async () => {
  const dates = { from_date: '2024-03-04', to_date: '2024-03-05' };
  const births = { ...dates, born_event: 'Signup', event: 'Play', interval_count: '2' };
  expect((await get('/api/query/retention', births)).body).toEqual({
    '2024-03-04': { first: 2, counts: [2, 0, 1] },
    '2024-03-05': { first: 1, counts: [1, 0, 0] },
  });
  const units = { unit: 'week', addiction_unit: 'day', event: 'Play' };
  expect((await get('/api/query/retention/addiction', { ...dates, ...units })).body).toEqual({
    data: { '2024-03-04': [2, 1, 0, 0, 0, 0, 0] },
  });
});

test('13 inline reports and flows', async () => {
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(new URL(path, stack.apiUrl), {
      method: 'POST',
      headers: { ...byAccount, 'content-type': 'application/json' },
      body: JSON.stringify({ project_id: project.id, ...body }),
    });
    return response.json();
  };
  const show = [
    {
      type: 'metric',
      behavior: { type: 'event', name: 'Play' },
      measurement: { math: 'unique' },
    },
  ];
  const time = [{ dateRangeType: 'between', unit: 'day', value: ['2024-03-04', '2024-03-12'] }];
  const group = [{ value: 'plan', resourceType: 'people' }];
  const bookmark = { sections: { show, time, group }, displayOptions: { chartType: 'bar' } };
  expect(await post('/api/query/insights', { bookmark })).toMatchObject({
    series: {
      'Play - Unique': {
        $overall: { all: 4 },
        pro: { all: 2 },
        free: { all: 1 },
        undefined: { all: 1 },
      },
    },
  });
  const flow = {
    steps: [{ event: 'Signup', forward: 1 }],
    date_range: { type: 'between', from_date: '2024-03-04', to_date: '2024-03-06' },
  };
  expect(await post('/api/query/arb_funnels', { bookmark: flow })).toMatchObject({
    steps: [{ nodes: [{ event: 'Signup', totalCount: '3' }] }, { nodes: [{ event: 'Play' }] }],
  });
});
