import { d1, did } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 5, over the sample data D1 of reports.md 1. */

const noon = Date.UTC(2024, 2, 12, 12);
const { get } = mixpanelApp(d1, { nowMs: noon });
const dates = { from_date: '2024-03-04', to_date: '2024-03-06' };
const ask = async (path: string, parameters: Record<string, string> = {}) =>
  (await get(`/api/query/events${path}`, parameters)).body;

test('5 /events: several events, each by itself', async () => {
  expect(await ask('', { ...dates, event: '["Play","Signup","Nothing"]' })).toEqual({
    data: {
      series: ['2024-03-04', '2024-03-05', '2024-03-06'],
      values: {
        Play: { '2024-03-04': 1, '2024-03-05': 2, '2024-03-06': 2 },
        Signup: { '2024-03-04': 2, '2024-03-05': 1, '2024-03-06': 0 },
        Nothing: { '2024-03-04': 0, '2024-03-05': 0, '2024-03-06': 0 },
      },
    },
    legend_size: 3,
  });
});

test('5 /events: more events than one query takes', async () => {
  const names = Array.from({ length: 45 }, (_, i) => (i === 43 ? 'Signup' : `E${i}`));
  expect(await ask('', { ...dates, event: JSON.stringify(names) })).toMatchObject({
    data: { values: { Signup: { '2024-03-04': 2 } } },
    legend_size: 45,
  });
});

test.each([
  ['missing', {}, 'event: is missing'],
  ['no JSON', { event: 'Play' }, 'event: is no JSON: Play'],
  ['no list', { event: '{"a":1}' }, 'event: must be a JSON array of texts, for example ["A","B"]'],
  ['empty', { event: '[]' }, 'event: names no event'],
])('5 /events: an event parameter that is %s is refused', async (_, parameters, error) => {
  expect(await get('/api/query/events', { ...dates, ...parameters })).toMatchObject({
    status: 400,
    body: { error, status: 'error' },
  });
});

test('5 interval counts units back from the current one', async () => {
  expect(await ask('', { event: '["Play"]', interval: '2', unit: 'day' })).toMatchObject({
    data: {
      series: ['2024-03-11', '2024-03-12'],
      values: { Play: { '2024-03-11': 1, '2024-03-12': 1 } },
    },
  });
  expect(await ask('', { event: '["Play"]', interval: '2', unit: 'week' })).toMatchObject({
    data: { series: ['2024-03-04', '2024-03-11'] },
  });
  expect(await ask('', { event: '["Play"]', interval: '2', unit: 'month' })).toMatchObject({
    data: { series: ['2024-02-01', '2024-03-01'] },
  });
  expect(await ask('', { event: '["Play"]', interval: '3', unit: 'hour' })).toMatchObject({
    data: {
      values: {
        Play: { '2024-03-12 10:00:00': 1, '2024-03-12 11:00:00': 0, '2024-03-12 12:00:00': 0 },
      },
    },
  });
});

test('5 /events/top: today beside yesterday up to the same time of day', async () => {
  const world = {
    people: {},
    events: [
      did('u1', 'Play', '03-11 09:00'),
      did('u1', 'Play', '03-11 11:00'),
      did('u1', 'Play', '03-11 13:00'),
      did('u1', 'Play', '03-12 09:00'),
      did('u1', 'Play', '03-12 10:00'),
      did('u2', 'Play', '03-12 11:00'),
      did('u2', 'Signup', '03-12 11:00'),
      did('u2', 'Hidden', '03-12 11:00'),
      did('u2', '$identify', '03-12 11:00'),
      did('u2', 'Gone', '03-11 11:00'),
    ],
  };
  const hidden = {
    name: 'Hidden',
    hidden: true,
    displayName: null,
    description: '',
    mergedInto: null,
  };
  const app = mixpanelApp(world, { nowMs: noon, lexicon: [hidden] });
  const top = async (parameters = {}) => (await app.get('/api/query/events/top', parameters)).body;
  expect(await top()).toEqual({
    type: 'general',
    events: [
      { event: 'Play', amount: 3, percent_change: 0.5 },
      { event: 'Signup', amount: 1, percent_change: 1 },
    ],
  });
  expect(await top({ type: 'unique', limit: '1' })).toEqual({
    type: 'unique',
    events: [{ event: 'Play', amount: 2, percent_change: 1 }],
  });
  expect((await app.get('/api/query/events/names')).body).toEqual(['Play', 'Gone', 'Signup']);
});

test('5 /events/names: the example, of the last 31 days, most common first', async () => {
  expect(await ask('/names')).toEqual(['Play', 'Signup']);
  expect(await ask('/names', { limit: '1' })).toEqual(['Play']);
  expect(await ask('/names', { from_date: '2024-03-11', to_date: '2024-03-12' })).toEqual(['Play']);
  const later = mixpanelApp(d1, { nowMs: Date.UTC(2024, 3, 12) });
  expect((await later.get('/api/query/events/names')).body).toEqual([]);
});

test('5 /events/properties: by the values of a property, or by those that are named', async () => {
  const parameters = { ...dates, event: 'Play', name: 'song' };
  expect(await ask('/properties', { ...parameters, limit: '1' })).toMatchObject({
    data: { values: { A: { '2024-03-04': 1, '2024-03-05': 1, '2024-03-06': 1 } } },
    legend_size: 1,
  });
  expect(await ask('/properties', { ...parameters, values: '["C","Z"]' })).toMatchObject({
    data: {
      values: {
        C: { '2024-03-04': 0, '2024-03-05': 0, '2024-03-06': 1 },
        Z: { '2024-03-04': 0, '2024-03-05': 0, '2024-03-06': 0 },
      },
    },
    legend_size: 2,
  });
});

test('5 /events/properties/top: the example', async () => {
  expect(await ask('/properties/top', { ...dates, event: 'Play', limit: '2' })).toEqual({
    secs: { count: 5 },
    song: { count: 5 },
  });
});

test('5 /events/properties/values: the example, most common first, as texts', async () => {
  expect(await ask('/properties/values', { event: 'Play', name: 'song' })).toEqual(['A', 'B', 'C']);
  expect(await ask('/properties/values', { event: 'Play', name: 'song', limit: '2' })).toEqual([
    'A',
    'B',
  ]);
  const numbers = await ask('/properties/values', { event: 'Play', name: 'secs' });
  expect((numbers as string[]).toSorted()).toEqual(['100', '120', '200', '30', '300', '50', 'n/a']);
});
