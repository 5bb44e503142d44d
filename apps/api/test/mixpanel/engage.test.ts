import { d1 } from '@arbor/engine/test/examples/sample-data';
import type { World } from '@arbor/engine/test/model/world';
import { describe, expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 8 and 9, over the sample data D1 of reports.md 1. */

const nowMs = Date.UTC(2024, 2, 12, 12);
const cohort = {
  id: '12',
  name: 'Pros',
  description: '',
  definition: {
    type: 'live' as const,
    filters: [],
  },
  uploaded: null,
  createdBy: 'ada',
  createdAt: '2024-03-01T08:00:00.000Z',
  updatedAt: '2024-03-01T08:00:00.000Z',
  archived: false,
};
const { get } = mixpanelApp(d1, { nowMs, cohorts: [cohort] });

interface Page {
  readonly page: number;
  readonly session_id: string;
  readonly total: number;
  readonly results: readonly { readonly $distinct_id: string; readonly $properties: object }[];
}
async function pageOf(parameters: Record<string, string> = {}): Promise<Page> {
  const { status, body } = await get('/api/query/engage', parameters);
  expect([status, body]).toMatchObject([200, { status: 'ok', page_size: 1000 }]);
  return body as Page;
}
const idsOf = async (parameters: Record<string, string>) =>
  (await pageOf(parameters)).results.map((one) => one.$distinct_id);

const raw = {
  selector: {
    operator: 'and',
    children: [{ property: 'behaviors', value: 'b', operator: '>=', operand: 3 }],
  },
  behaviors: {
    b: {
      count: { event_selector: { event: 'Play', selector: null }, type: 'absolute' },
      from_date: '2024-03-01',
      to_date: '2024-03-31',
    },
  },
};

describe('8.1 and 8.2: profiles', () => {
  test('all that there are, by their ids', async () => {
    const page = await pageOf();
    expect(page).toMatchObject({
      page: 0,
      total: 3,
      results: [
        { $distinct_id: 'u1', $properties: { plan: 'pro' } },
        { $distinct_id: 'u2', $properties: { plan: 'pro' } },
        { $distinct_id: 'u3', $properties: { plan: 'free' } },
      ],
    });
    expect(page.session_id).toMatch(/^1710244800-[\w-]+$/);
  });

  test('where looks at the profile, under either name', async () => {
    expect(await idsOf({ where: 'properties["plan"] == "pro"' })).toEqual(['u1', 'u2']);
    expect(await idsOf({ where: 'user["plan"] == "free" or not defined(user["plan"])' })).toEqual([
      'u3',
    ]);
  });

  test('one profile, several, and ids that nobody has', async () => {
    expect(await idsOf({ distinct_id: 'u2' })).toEqual(['u2']);
    expect(await idsOf({ distinct_ids: '["u3","u1","nobody"]' })).toEqual(['u1', 'u3']);
    expect(await idsOf({ distinct_id: 'nobody' })).toEqual([]);
    const where = 'user["plan"] == "pro"';
    expect(await idsOf({ distinct_ids: '["u3","u1","nobody"]', where })).toEqual(['u1']);
  });

  test('only the properties that are asked for', async () => {
    const { results } = await pageOf({ output_properties: '["$email"]', distinct_id: 'u1' });
    expect(results).toEqual([{ $distinct_id: 'u1', $properties: {} }]);
  });

  test('a page behind the last is empty', async () => {
    const { session_id: session } = await pageOf();
    const page = await pageOf({ session_id: session, page: '1' });
    expect(page).toMatchObject({ page: 1, session_id: session, total: 3, results: [] });
  });

  test('pages need a session that lasts', async () => {
    const refused = async (parameters: Record<string, string>) =>
      (await get('/api/query/engage', parameters)).body;
    expect(await refused({ page: '1' })).toMatchObject({
      error: 'session_id: is missing: page 1 needs that of page 0',
    });
    expect(await refused({ page: '1', session_id: '1710240000-abc' })).toMatchObject({
      error: 'session_id: session "1710240000-abc" has expired: begin again with page 0',
    });
  });

  test('pages of thousands in any order and side by side hold everybody once', async () => {
    const people: Record<string, object> = {};
    for (let n = 0; n < 2500; n++) people[`p${String(n).padStart(4, '0')}`] = { n };
    const many = mixpanelApp({ events: [], people: people as World['people'] }, { nowMs });
    const ask = async (page: string, session: string) =>
      (await many.get('/api/2.0/engage', { page, session_id: session })).body as Page;
    const first = await ask('0', '');
    expect([first.total, first.results.length]).toEqual([2500, 1000]);
    const [third, second] = await Promise.all(
      ['2', '1'].map((page) => ask(page, first.session_id)),
    );
    const ids = [first, second, third].flatMap((page) =>
      (page?.results ?? []).map((one) => one.$distinct_id),
    );
    expect(ids).toEqual(Object.keys(people));
  });
});

describe('8.1: sort_key', () => {
  test('by a property, by its name or as an expression, whoever has none last', async () => {
    const by = (sort_key: string, sort_order = '') => idsOf({ sort_key, sort_order });
    expect(await by('plan')).toEqual(['u3', 'u1', 'u2']);
    expect(await by('properties["plan"]', 'descending')).toEqual(['u1', 'u2', 'u3']);
    expect(await by(`user['plan']`, 'ascending')).toEqual(['u3', 'u1', 'u2']);
    expect(await by('$distinct_id', 'descending')).toEqual(['u3', 'u2', 'u1']);
    expect(await by('nothing')).toEqual(['u1', 'u2', 'u3']);
    const some = {
      sort_key: 'plan',
      where: 'properties["plan"] == "pro"',
      sort_order: 'descending',
    };
    expect(await idsOf(some)).toEqual(['u1', 'u2']);
    expect(await idsOf({ sort_key: 'plan', distinct_ids: '["u1","u3"]' })).toEqual(['u3', 'u1']);
    const { status, body } = await get('/api/query/engage', { sort_key: 'plan', sort_order: 'up' });
    expect([status, body]).toMatchObject([
      400,
      { error: 'sort_order: must be one of ascending, descending, not "up"' },
    ]);
  });

  test('pages go on where each other end, among equal values too', async () => {
    const people: Record<string, object> = {};
    for (let n = 0; n < 1100; n++) people[`p${String(n).padStart(4, '0')}`] = { tenth: n % 10 };
    const many = mixpanelApp({ events: [], people: people as World['people'] }, { nowMs });
    const sort = { sort_key: 'tenth', sort_order: 'descending' };
    const ask = async (page: string, session_id: string) =>
      (await many.get('/api/2.0/engage', { ...sort, page, session_id })).body as Page;
    const first = await ask('0', '');
    const rest = await Promise.all(['2', '1'].map((page) => ask(page, first.session_id)));
    const [third, second] = rest;
    expect(third).toMatchObject({ total: 1100, results: [] });
    const found = [first, second].flatMap((page) => page?.results ?? []);
    const expected = Object.keys(people).toSorted(
      (a, b) => Number(b.at(-1)) - Number(a.at(-1)) || a.localeCompare(b),
    );
    expect(found.map((one) => one.$distinct_id)).toEqual(expected);
  });
});

describe('8.1: cohorts', () => {
  test('those without a profile are in it too, unless told otherwise', async () => {
    const given = JSON.stringify({
      raw_cohort: {
        ...raw,
        selector: { property: 'behaviors', value: 'b', operator: '>=', operand: 1 },
      },
    });
    const page = await pageOf({ filter_by_cohort: given });
    expect(page.results.map((one) => one.$distinct_id)).toEqual(['u1', 'u2', 'u3', 'u4']);
    expect(page.results.at(-1)).toEqual({ $distinct_id: 'u4', $properties: {} });
    expect(await idsOf({ filter_by_cohort: given, include_all_users: 'false' })).toEqual([
      'u1',
      'u2',
      'u3',
    ]);
  });

  test('13.6: described in place', async () => {
    expect(await idsOf({ filter_by_cohort: JSON.stringify({ raw_cohort: raw }) })).toEqual(['u1']);
  });

  test('13.6: the example, with a condition on the profile and a window that ends now', async () => {
    const behaviors = {
      bhvr_0: {
        count: { event_selector: { event: 'Play', selector: null }, type: 'absolute' },
        window: { unit: 'day', value: 30 },
      },
    };
    const of = async (operand: string, more: object[] = []) => {
      const plays = { property: 'behaviors', value: 'bhvr_0', operator: '>=', operand: 1 };
      const plan = { property: 'user', value: 'plan', operator: '==', operand, type: 'string' };
      const selector = { operator: 'and', children: [plays, plan, ...more] };
      return idsOf({ filter_by_cohort: JSON.stringify({ raw_cohort: { selector, behaviors } }) });
    };
    expect(await of('pro')).toEqual(['u1', 'u2']);
    expect(await of('free')).toEqual(['u3']);
    const often = { property: 'behaviors', value: 'bhvr_0', operator: '>=', operand: 3 };
    expect(await of('pro', [often])).toEqual(['u1']);
  });

  test('one that does not exist is not found', async () => {
    const { status, body } = await get('/api/query/engage', { filter_by_cohort: '{"id":99}' });
    expect([status, body]).toMatchObject([404, { error: 'there is no cohort "99"' }]);
  });
});

describe('8.3: behaviors', () => {
  const behaviors = JSON.stringify([
    {
      window: '30d',
      name: 'b1',
      event_selectors: [{ event: 'Play', selector: 'properties["secs"] > 60' }],
    },
  ]);
  const asOf = { as_of_timestamp: String(Date.UTC(2024, 2, 12) / 1000) };

  test('the example: how often users did something in a window', async () => {
    // u1 played 100, 50 and "n/a" seconds, u2 200 and 120.
    expect(await idsOf({ behaviors, where: 'behaviors["b1"] >= 2', ...asOf })).toEqual(['u2']);
    expect(await idsOf({ behaviors, where: 'not (1 < behaviors["b1"])', ...asOf })).toEqual([
      'u1',
      'u3',
    ]);
    const where = 'behaviors["b1"] >= 1 and user["plan"] == "pro"';
    expect(await idsOf({ behaviors, where, ...asOf })).toEqual(['u1', 'u2']);
  });

  test('the window ends at the moment', async () => {
    const before = { as_of_timestamp: String(Date.UTC(2024, 2, 5) / 1000) };
    expect(await idsOf({ behaviors, where: 'behaviors["b1"] >= 1', ...before })).toEqual(['u1']);
  });

  test('pages need a moment, and what cannot be read says where', async () => {
    const { session_id: session } = await pageOf();
    const refused = async (parameters: Record<string, string>) => {
      const { status, body } = await get('/api/query/engage', { behaviors, ...parameters });
      return [status, (body as { error: string }).error];
    };
    expect(await refused({ page: '1', session_id: session })).toEqual([
      400,
      'request for page in uncached query for params: send as_of_timestamp, the same with every page',
    ]);
    expect(await refused({ where: 'behaviors["b2"] >= 1' })).toEqual([
      400,
      'where: behaviors has none named "b2"',
    ]);
    expect(await refused({ where: 'user["a"] == 1 or behaviors["b1"]' })).toEqual([
      400,
      'where: character 19: compare a behavior with a number, such as behaviors["b1"] >= 2',
    ]);
  });
});

describe('8.4: numbers over profiles', () => {
  const people = { a: { age: 10 }, b: { age: 20 }, c: { age: '30' }, d: { age: 'old' } };
  const numbers = mixpanelApp({ events: [], people }, { nowMs });
  const statOf = async (action: string, more: Record<string, string> = {}) =>
    (await numbers.get('/api/2.0/engage/stats', { action, ...more })).body;

  test('count, extremes, percentile and summary', async () => {
    expect(await statOf('count()')).toEqual({ results: 4, status: 'ok' });
    expect(await statOf('count()', { selector: 'properties["age"] > 10' })).toEqual({
      results: 1,
      status: 'ok',
    });
    expect(await statOf('extremes(properties["age"])')).toMatchObject({
      results: { max: 20, min: 10 },
    });
    expect(await statOf('percentile(properties["age"], 50)')).toMatchObject({
      results: { percentile: 50, result: 15 },
    });
    expect(await statOf('numeric_summary(properties["age"])')).toMatchObject({
      results: { count: 3, mean: 20, sum_of_squares: 1400 },
    });
  });

  test('an action that is none says which there are', async () => {
    expect(await statOf('mode(user["a"])')).toMatchObject({
      error: expect.stringContaining('action: "mode(user["a"])" is none of count()') as string,
    });
  });
});
