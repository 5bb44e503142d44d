import { d1, did } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 7, over the sample data D1 of reports.md 1. */

const { get } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 12, 12) });
const dates = { from_date: '2024-03-04', to_date: '2024-03-05' };
const births = { ...dates, born_event: 'Signup', event: 'Play' };
const ask = async (path: string, parameters: Record<string, string>) =>
  (await get(`/api/query/retention${path}`, parameters)).body;

test('7.1 the example: born by Signup, back with Play', async () => {
  expect(await ask('', { ...births, interval_count: '2' })).toEqual({
    '2024-03-04': { first: 2, counts: [2, 0, 1] },
    '2024-03-05': { first: 1, counts: [1, 0, 0] },
  });
});

test('7.1 one interval after the zeroth where nothing is said', async () => {
  expect(await ask('', births)).toMatchObject({ '2024-03-04': { first: 2, counts: [2, 0] } });
});

test('7.1 unbounded: on or after', async () => {
  const parameters = { ...births, interval_count: '6', unbounded_retention: 'true' };
  expect(await ask('', parameters)).toMatchObject({
    '2024-03-04': { first: 2, counts: [2, 2, 2, 1, 1, 1, 1] },
  });
});

test('7.1 intervals in the future are left out, those under way are not', async () => {
  expect(await ask('', { ...births, interval_count: '20' })).toEqual({
    '2024-03-04': { first: 2, counts: [2, 0, 1, 0, 0, 0, 1, 0, 0] },
    '2024-03-05': { first: 1, counts: [1, 0, 0, 0, 0, 0, 0, 0] },
  });
});

test('7.1 compounded: everybody is born in each bucket in which he did the event', async () => {
  const parameters = { ...dates, retention_type: 'compounded', event: 'Play' };
  expect(await ask('', { ...parameters, interval_count: '2' })).toEqual({
    '2024-03-04': { first: 1, counts: [1, 0, 1] },
    '2024-03-05': { first: 2, counts: [0, 1, 0] },
  });
});

test('7.1 interval: cohorts and intervals of several units', async () => {
  const parameters = { ...births, to_date: '2024-03-07', interval: '2', interval_count: '2' };
  expect(await ask('', parameters)).toEqual({
    '2024-03-04': { first: 3, counts: [3, 1, 0] },
    '2024-03-06': { first: 0, counts: [0, 0, 0] },
  });
  const compounded = { ...parameters, retention_type: 'compounded' };
  // Born with their first Play of each pair of days: u1 03-04 09:10, u2 03-05 09:00; u3 and u1 on 03-06.
  expect(await ask('', compounded)).toEqual({
    '2024-03-04': { first: 2, counts: [1, 1, 0] },
    '2024-03-06': { first: 2, counts: [0, 0, 0] },
  });
});

test('7.1 conditions of the birth and of the return', async () => {
  expect(await ask('', { ...births, born_where: 'user["plan"] == "free"' })).toMatchObject({
    '2024-03-04': { first: 0, counts: [0, 0] },
    '2024-03-05': { first: 1, counts: [1, 0] },
  });
  expect(await ask('', { ...births, where: 'properties["song"] == "B"' })).toMatchObject({
    '2024-03-04': { first: 2, counts: [1, 0] },
  });
});

test('7.1 on segments the returns, beside $overall', async () => {
  expect(await ask('', { ...births, on: 'song', interval_count: '2' })).toEqual({
    '2024-03-04': {
      A: { first: 2, counts: [2, 0, 1] },
      B: { first: 2, counts: [1, 0, 0] },
      C: { first: 2, counts: [0, 0, 0] },
      $overall: { first: 2, counts: [2, 0, 1] },
    },
    '2024-03-05': {
      A: { first: 1, counts: [0, 0, 0] },
      B: { first: 1, counts: [0, 0, 0] },
      C: { first: 1, counts: [1, 0, 0] },
      $overall: { first: 1, counts: [1, 0, 0] },
    },
  });
});

test('7.1 a birth event is required, unless births are compounded', async () => {
  expect(await get('/api/query/retention', { ...dates, event: 'Play' })).toMatchObject({
    status: 400,
    body: { error: 'born_event: is missing' },
  });
});

test('7.2 the example: at least so many days of the week', async () => {
  const week = { from_date: '2024-03-04', to_date: '2024-03-10', unit: 'week' };
  const parameters = { ...week, addiction_unit: 'day', event: 'Play' };
  expect(await ask('/addiction', parameters)).toEqual({
    data: { '2024-03-04': [3, 1, 1, 0, 0, 0, 0] },
  });
  expect(await ask('/addiction', { ...parameters, on: 'user["plan"]' })).toEqual({
    data: {
      '2024-03-04': {
        pro: [2, 1, 1, 0, 0, 0, 0],
        free: [1, 0, 0, 0, 0, 0, 0],
        $overall: [3, 1, 1, 0, 0, 0, 0],
      },
    },
  });
});

test.each([
  ['day', 'hour', 24],
  ['week', 'hour', 168],
  ['month', 'day', 29],
])('7.2 a %s has so many of an %s: %i', async (unit, addictionUnit, length) => {
  const world = { people: {}, events: [did('u1', 'Play', '02-05 10:00')] };
  const app = mixpanelApp(world, { nowMs: Date.UTC(2024, 2, 12) });
  const { body } = await app.get('/api/query/retention/addiction', {
    from_date: '2024-02-05',
    to_date: '2024-02-05',
    unit,
    addiction_unit: addictionUnit,
  });
  const [row = []] = Object.values((body as { data: Record<string, number[]> }).data);
  expect(row).toEqual([1, ...Array.from({ length: length - 1 }, () => 0)]);
});

test.each([
  [{ unit: 'day', addiction_unit: 'day' }, 'addiction_unit: must be smaller than unit, day'],
  [{ unit: 'week' }, 'addiction_unit: is missing'],
  [{ addiction_unit: 'day' }, 'unit: is missing'],
])('7.2 %j is refused', async (parameters, error) => {
  const given = { ...dates, ...parameters } as Record<string, string>;
  expect(await get('/api/query/retention/addiction', given)).toMatchObject({
    status: 400,
    body: { error },
  });
});
