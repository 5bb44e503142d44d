import { groupUser } from '@arbor/engine/group-project';
import { d1 } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 8.1, `data_group_id`: profiles of groups, of which other keys and users are none. */

const groups = {
  [groupUser('company', 'acme')]: { plan: 'pro', seats: 20, $name: 'Acme Works' },
  [groupUser('company', 'zen')]: { plan: 'free', seats: 3 },
  // Keys that differ in case alone, or hold the key, are other keys.
  [groupUser('Company', 'other')]: { plan: 'pro' },
  [groupUser('mycompany', 'other')]: { plan: 'pro' },
  [groupUser('team', 'acme')]: { plan: 'pro' },
};
const { get } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 12, 12), groups });

interface Page {
  readonly total: number;
  readonly results: readonly { readonly $distinct_id: string; readonly $properties: object }[];
}
const ask = (parameters: Record<string, string>) =>
  get('/api/query/engage', { data_group_id: 'company', ...parameters });
const idsOf = async (parameters: Record<string, string>) => {
  const { status, body } = await ask(parameters);
  expect(status).toBe(200);
  const { total, results } = body as Page;
  expect(total).toBe(results.length);
  return results.map((one) => one.$distinct_id);
};

test('all of a key, by their ids as they were sent, with what is known of them', async () => {
  const { body } = await ask({});
  expect(body).toMatchObject({
    status: 'ok',
    page: 0,
    page_size: 1000,
    total: 2,
    results: [
      { $distinct_id: 'acme', $properties: { plan: 'pro', seats: 20 } },
      { $distinct_id: 'zen', $properties: { plan: 'free', seats: 3 } },
    ],
  });
  expect(await idsOf({ data_group_id: 'team' })).toEqual(['acme']);
  expect(await idsOf({ data_group_id: 'nothing' })).toEqual([]);
});

test('conditions, ids, texts and orders are of the groups', async () => {
  expect(await idsOf({ where: 'properties["plan"] == "pro"' })).toEqual(['acme']);
  expect(await idsOf({ where: 'properties["seats"] > 1 and not defined(user["$name"])' })).toEqual([
    'zen',
  ]);
  expect(await idsOf({ distinct_id: 'zen' })).toEqual(['zen']);
  expect(await idsOf({ distinct_ids: '["zen","acme","u1"]' })).toEqual(['acme', 'zen']);
  expect(await idsOf({ search: 'WORKS' })).toEqual(['acme']);
  expect(await idsOf({ search: 'ze' })).toEqual(['zen']);
  // In the key, which is no part of the id.
  expect(await idsOf({ search: 'company' })).toEqual([]);
  expect(await idsOf({ sort_key: 'seats', sort_order: 'ascending' })).toEqual(['zen', 'acme']);
  const { body } = await ask({ output_properties: '["seats"]', distinct_id: 'acme' });
  expect((body as Page).results).toEqual([{ $distinct_id: 'acme', $properties: { seats: 20 } }]);
});

test('what an expression calls the id is that of the group', async () => {
  for (const of of ['user', 'properties', 'event']) {
    expect(await idsOf({ where: `${of}["$distinct_id"] == "acme"` })).toEqual(['acme']);
  }
  expect(await idsOf({ where: '"en" in user["$distinct_id"]' })).toEqual(['zen']);
  expect(await idsOf({ where: '"company" in user["$distinct_id"]' })).toEqual([]);
  expect(await idsOf({ where: 'not ("acme" in user["$distinct_id"]) or false' })).toEqual(['zen']);
  expect(await idsOf({ where: 'user["$distinct_id"] + "!" == "zen!"' })).toEqual(['zen']);
  expect(await ask({ where: 'behaviors["b"] > 1' })).toMatchObject({ status: 400 });
});

test('numbers over profiles are over those of the groups', async () => {
  const stats = async (action: string, more: Record<string, string> = {}) => {
    const { status, body } = await get('/api/query/engage/stats', {
      data_group_id: 'company',
      action,
      ...more,
    });
    return status === 200 ? (body as { results: unknown }).results : status;
  };
  expect(await stats('count()')).toBe(2);
  expect(await stats('count()', { data_group_id: 'team' })).toBe(1);
  expect(await stats('count()', { data_group_id: 'nothing' })).toBe(0);
  expect(await stats('count()', { selector: 'properties["plan"] == "pro"' })).toBe(1);
  expect(await stats('count()', { selector: 'user["$distinct_id"] == "zen"' })).toBe(1);
  expect(await stats('extremes(properties["seats"])')).toMatchObject({ max: 20, min: 3 });
  expect(await stats('numeric_summary(properties["seats"])')).toMatchObject({
    count: 2,
    mean: 11.5,
    sum_of_squares: 409,
  });
  expect(await stats('count()', { filter_by_cohort: '{"id":12}' })).toBe(400);
  expect(await stats('count()', { segment_by_cohorts: '{"12":true}' })).toBe(400);
});

test('a page behind the last is empty', async () => {
  const { session_id: session } = (await ask({})).body as { session_id: string };
  expect((await ask({ session_id: session, page: '1' })).body).toMatchObject({
    page: 1,
    total: 2,
    results: [],
  });
});

test('what is of users is refused by name', async () => {
  expect(await ask({ filter_by_cohort: '{"id":12}' })).toMatchObject({
    status: 400,
    body: { error: 'filter_by_cohort: is of users: leave out data_group_id' },
  });
  expect(await ask({ behaviors: '[]' })).toMatchObject({ status: 400 });
});
