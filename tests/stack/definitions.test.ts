import type { QueryInput } from '@arbor/schema/query';
import type { FunnelResult, InsightsResult, QueryResult } from '@arbor/schema/result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { ask, bootstrapOf, countEvents, owner, testProject } from '../support/project.ts';
import { sendUntilAccepted } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';

/** What a project defines, used in reports over events that came in like everybody's. */

const project = testProject(41, 'definitions');
let stack: TestStack;
/** Of the owner's session. */
let cookie = '';

const day = Date.UTC(2024, 2, 4);
/** User, event, hours after the start of 2024-03-04, properties. */
const rows: readonly [string, string, number, object?][] = [
  ['ada', 'Signup', 9],
  ['ada', 'Play', 10, { items: ['k1', 'k2'] }],
  ['ada', 'Play', 34, { items: ['k2'] }],
  ['bob', 'Signup', 11],
  ['bob', 'Play', 12, { items: ['k1'] }],
  ['cleo', 'Visit', 13],
  ['cleo', 'Play', 14, { items: ['k9'] }],
];
const range = { from: '2024-03-04', to: '2024-03-05' };

beforeAll(async () => {
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
  await sendUntilAccepted(
    stack.apiUrl,
    rows.map(([distinct_id, event, hours, more], n) => ({
      event,
      properties: {
        token: project.token,
        distinct_id,
        time: day + hours * 3_600_000,
        $insert_id: `row-${n}`,
        ...more,
      },
    })),
  );
  await until(
    () => countEvents(stack.apiUrl, project),
    ({ total }) => total === rows.length,
  );
  const signedIn = await fetch(new URL('/api/auth/sign-in/email', stack.apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.apiUrl },
    body: JSON.stringify(owner),
  });
  if (!signedIn.ok) throw new Error(`the owner cannot sign in: ${await signedIn.text()}`);
  cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterAll(() => stack.stop());

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object | string,
): Promise<{ status: number; text: string }> {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json';
  const response = await fetch(new URL(`/api/v1/projects/${project.id}/${path}`, stack.apiUrl), {
    method,
    headers: {
      cookie,
      origin: stack.apiUrl,
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

async function make(path: string, name: string, definition: object): Promise<string> {
  const { status, text } = await call('POST', path, { name, definition });
  expect(status, text).toBe(201);
  const [made] = Object.values(JSON.parse(text) as Record<string, { id: string }>);
  return made?.id ?? '';
}

const result = async (query: QueryInput): Promise<QueryResult> =>
  (await ask(stack.apiUrl, project, query)).result;

type InsightsInput = Extract<QueryInput, { type: 'insights' }>;

/** Total and distinct users of an event; with a breakdown its totals by segment. */
async function count(event: string | null, more: Partial<InsightsInput> = {}) {
  const selector = { anyOf: [{ event }] };
  const metrics = [
    { selector, measure: { type: 'total' as const } },
    { selector, measure: { type: 'unique' as const } },
  ];
  const { series } = (await result({
    type: 'insights',
    range,
    unit: 'total',
    metrics,
    ...more,
  })) as InsightsResult;
  return series;
}
const numbers = async (event: string | null, more?: Partial<InsightsInput>) =>
  (await count(event, more)).map(({ total }) => total);

const inCohort = (id: string) => ({
  type: 'cohort' as const,
  operator: 'in' as const,
  cohorts: [{ type: 'saved' as const, id }],
});
const playedTwice = {
  type: 'behavior',
  selector: { anyOf: [{ event: 'Play' }] },
  count: { operator: 'at_least', value: 2 },
  span: { type: 'ever' },
};

test('counts a custom event in insights and as a step of a funnel', async () => {
  const id = await make('custom-events', 'Start or play', {
    matches: [{ event: 'Signup' }, { event: 'Visit' }],
  });
  const start = `$custom_event:${id}`;
  expect(await numbers(start)).toEqual([3, 3]);
  const funnel = (await result({
    type: 'funnel',
    range,
    steps: [{ anyOf: [{ event: start }] }, { anyOf: [{ event: 'Play' }] }],
  })) as FunnelResult;
  expect(funnel.steps.map(({ count: users }) => users)).toEqual([3, 3]);
});

test('filters and breaks down by saved cohorts, live and frozen', async () => {
  const live = await make('cohorts', 'Twice', { type: 'live', filters: [playedTwice] });
  expect(await numbers('Play', { filters: [inCohort(live)] })).toEqual([2, 1]);
  const frozen = await make('cohorts', 'Picked', { type: 'frozen' });
  const uploaded = await call(
    'PUT',
    `cohorts/${frozen}/members`,
    'distinct_id\nbob\ncleo\nnobody\n',
  );
  expect(uploaded.status, uploaded.text).toBe(200);
  expect(await numbers('Play', { filters: [inCohort(frozen)] })).toEqual([2, 2]);
  const both = await make('cohorts', 'Neither', {
    type: 'live',
    filters: [{ ...inCohort(live), operator: 'not_in' }, inCohort(frozen)],
  });
  expect(await numbers('Play', { filters: [inCohort(both)] })).toEqual([2, 2]);
  const funnel = (await result({
    type: 'funnel',
    range,
    filters: [inCohort(frozen)],
    steps: [{ anyOf: [{ event: 'Signup' }] }, { anyOf: [{ event: 'Play' }] }],
  })) as FunnelResult;
  expect(funnel.steps.map(({ count: users }) => users)).toEqual([1, 1]);
});

test('sends a long list to each storage process once, and another one in its place', async () => {
  const id = await make('cohorts', 'Many', { type: 'frozen' });
  const upload = (...members: string[]) => {
    const others = Array.from({ length: 5000 }, (_, n) => `somebody-${n}`);
    return call(
      'PUT',
      `cohorts/${id}/members`,
      `distinct_id\n${[...others, ...members].join('\n')}\n`,
    );
  };
  const played = async (zone: string) => {
    const filters = [inCohort(id)];
    return countEvents(stack.apiUrl, project, { event: 'Play', filters, zone });
  };
  await upload('bob', 'cleo');
  for (const zone of ['a', 'b', 'a']) expect(await played(zone)).toEqual({ total: 2, users: 2 });
  await upload('ada');
  for (const zone of ['a', 'b']) expect(await played(zone)).toEqual({ total: 2, users: 1 });
});

test('exports the members of a cohort as a file', async () => {
  const id = await make('cohorts', 'Players', {
    type: 'live',
    filters: [{ ...playedTwice, count: { operator: 'at_least', value: 1 } }],
  });
  const { status, text } = await call('GET', `cohorts/${id}/members`);
  expect(status, text).toBe(200);
  expect(text).toBe('distinct_id\r\nada\r\nbob\r\ncleo\r\n');
});

test('saves the users behind a number as a cohort', async () => {
  const signedUp: QueryInput = {
    type: 'insights',
    range,
    unit: 'total',
    metrics: [{ selector: { anyOf: [{ event: 'Signup' }] }, measure: { type: 'unique' } }],
  };
  const list = { type: 'list', of: signedUp, point: { type: 'insights', metric: 0 } };
  const id = await make('cohorts', 'Who signed up', {
    type: 'live',
    filters: [{ type: 'report', list }],
  });
  expect(await numbers('Play', { filters: [inCohort(id)] })).toEqual([3, 2]);
});

test('joins a lookup table by items of a list, in place and as a custom property', async () => {
  const table = await make('lookup-tables', 'Products', {});
  const csv = 'sku,category\nk1,fruit\nk2,veg\n';
  expect((await call('PUT', `lookup-tables/${table}/rows`, csv)).status).toBe(200);
  const property = {
    scope: 'event' as const,
    name: 'items',
    computed: { type: 'lookup' as const, table: 'Products', column: 'category' },
  };
  const id = await make('custom-properties', 'Category', { property });
  const own = { scope: 'event' as const, name: `$custom_property:${id}` };
  for (const by of [property, own]) {
    const series = await count('Play', { breakdowns: [{ property: by }] });
    const totals = series.filter(({ metric }) => metric === 0);
    expect(totals.map(({ segment, total }) => [segment?.text, total])).toEqual(
      expect.arrayContaining([
        ['fruit', 2],
        ['veg', 2],
      ]),
    );
  }
  // Another table in its place changes history.
  await call('PUT', `lookup-tables/${table}/rows`, 'sku,category\nk1,veg\nk2,veg\nk9,toy\n');
  const series = await count('Play', { breakdowns: [{ property: own }] });
  const totals = series.filter(({ metric }) => metric === 0 && series.length > 0);
  expect(totals.map(({ segment, total }) => [segment?.text, total])).toEqual(
    expect.arrayContaining([
      ['veg', 3],
      ['toy', 1],
    ]),
  );
});

test('merges events at query time, hides them, and takes it back', async () => {
  expect((await call('PUT', 'events/Visit', { mergedInto: 'Play' })).status).toBe(200);
  expect(await numbers('Play')).toEqual([5, 3]);
  expect((await call('PUT', 'events/Visit', { hidden: true })).status).toBe(200);
  expect(await numbers('Play')).toEqual([4, 3]);
  expect(await numbers(null)).toEqual([6, 3]);
  expect(await numbers('Visit')).toEqual([1, 1]);
  expect((await call('DELETE', 'events/Visit')).status).toBe(204);
  expect(await numbers(null)).toEqual([7, 3]);
});

test('cuts sessions as the project says', async () => {
  const sessions = async () => {
    const selector = { anyOf: [{ event: null }] };
    const { series } = (await result({
      type: 'insights',
      range,
      unit: 'total',
      metrics: [{ selector, measure: { type: 'sessions' } }],
    })) as InsightsResult;
    return series[0]?.total;
  };
  expect(await sessions()).toBe(7);
  const mode = { type: 'timeout', timeoutMs: 7_200_000 };
  expect((await call('PUT', 'session-settings', { mode })).status).toBe(200);
  expect(await sessions()).toBe(4);
});
