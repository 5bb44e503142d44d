import { d1 } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 4, over the sample data D1 of reports.md 1. */

const { get } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 12, 12) });
const days = { event: 'Play', from_date: '2024-03-04', to_date: '2024-03-06' };
const ask = async (path: string, parameters: Record<string, string> = {}) =>
  (await get(path, { ...days, ...parameters })).body;

test('4.1 the example: Play by song', async () => {
  expect(await ask('/api/query/segmentation', { on: 'song' })).toEqual({
    data: {
      series: ['2024-03-04', '2024-03-05', '2024-03-06'],
      values: {
        A: { '2024-03-04': 1, '2024-03-05': 1, '2024-03-06': 1 },
        B: { '2024-03-04': 0, '2024-03-05': 1, '2024-03-06': 0 },
        C: { '2024-03-04': 0, '2024-03-05': 0, '2024-03-06': 1 },
      },
    },
    legend_size: 3,
  });
});

test('4.1 an expression and a bare name segment alike, under the older prefix and with a slash too', async () => {
  const bare = await ask('/api/query/segmentation', { on: 'song' });
  expect(await ask('/api/2.0/segmentation/', { on: 'properties["song"]' })).toEqual(bare);
});

test('4.1 without on there is one key, the event', async () => {
  expect(await ask('/api/query/segmentation')).toMatchObject({
    data: { values: { Play: { '2024-03-04': 1, '2024-03-05': 2, '2024-03-06': 2 } } },
    legend_size: 1,
  });
});

test('4.1 what lacks the value is undefined, and a list gives a segment for each distinct item', async () => {
  expect(await ask('/api/query/segmentation', { on: 'tags', unit: 'month' })).toMatchObject({
    data: {
      values: {
        rock: { '2024-03-01': 2 },
        pop: { '2024-03-01': 1 },
        jazz: { '2024-03-01': 1 },
        undefined: { '2024-03-01': 2 },
      },
    },
  });
});

test('4.1 types: distinct users, and events per user', async () => {
  const all = { from_date: '2024-03-04', to_date: '2024-03-10', unit: 'week' };
  const of = async (type: string) => ask('/api/query/segmentation', { ...all, type });
  expect(await of('unique')).toMatchObject({ data: { values: { Play: { '2024-03-04': 3 } } } });
  expect(await of('average')).toMatchObject({
    data: { values: { Play: { '2024-03-04': 5 / 3 } } },
  });
});

test('4.1 hours are named by the clock; there are no hourly uniques', async () => {
  const day = { to_date: '2024-03-04', unit: 'hour' };
  expect(await ask('/api/query/segmentation', day)).toMatchObject({
    data: { values: { Play: { '2024-03-04 08:00:00': 0, '2024-03-04 09:00:00': 1 } } },
  });
  expect(await get('/api/query/segmentation', { ...days, ...day, type: 'unique' })).toEqual({
    status: 400,
    body: {
      error: 'type: there are no uniques by hour: ask for a unit of day, week or month',
      request: '/api/query/segmentation',
      status: 'error',
    },
  });
});

test('4.1 interval is so many days a bucket', async () => {
  const parameters = { to_date: '2024-03-12', interval: '7', type: 'unique' };
  expect(await ask('/api/query/segmentation', parameters)).toMatchObject({
    data: {
      series: ['2024-03-04', '2024-03-11'],
      values: { Play: { '2024-03-04': 3, '2024-03-11': 2 } },
    },
  });
});

test('4.1 limit keeps the most common values', async () => {
  expect(await ask('/api/query/segmentation', { on: 'song', limit: '1' })).toMatchObject({
    data: { values: { A: { '2024-03-04': 1 } } },
    legend_size: 1,
  });
});

test('4.1 as CSV: a line a date', async () => {
  expect(await ask('/api/query/segmentation', { on: 'song', format: 'csv' })).toBe(
    'date,A,B,C\r\n2024-03-04,1,0,0\r\n2024-03-05,1,1,0\r\n2024-03-06,1,0,1\r\n',
  );
});

test('4.2 numbers lie in round ranges, the lower end inside; what is no number is left out', async () => {
  const answer = await ask('/api/query/segmentation/numeric', {
    on: 'properties["secs"]',
    to_date: '2024-03-12',
  });
  expect(answer).toMatchObject({ legend_size: 7 });
  const { values } = (answer as { data: { values: Record<string, Record<string, number>> } }).data;
  const sums = Object.entries(values).map(([key, line]) => [
    key,
    Object.values(line).reduce((sum, count) => sum + count, 0),
  ]);
  expect(Object.fromEntries(sums)).toEqual({
    '0 - 50': 1,
    '50 - 100': 1,
    '100 - 150': 2,
    '150 - 200': 0,
    '200 - 250': 1,
    '250 - 300': 0,
    '300 - 350': 1,
  });
});

test('4.2 on is required, and without any number there is nothing', async () => {
  expect(await get('/api/query/segmentation/numeric', days)).toMatchObject({
    status: 400,
    body: { error: 'on: is missing' },
  });
  expect(await ask('/api/query/segmentation/numeric', { on: 'song' })).toEqual({
    data: { series: [], values: {} },
    legend_size: 0,
  });
});

test('4.3 the example: sums by day', async () => {
  expect(await ask('/api/query/segmentation/sum', { on: 'secs', to_date: '2024-03-05' })).toEqual({
    status: 'ok',
    computed_at: '2024-03-12T12:00:00.000+00:00',
    results: { '2024-03-04': 100, '2024-03-05': 250 },
  });
});

test('4.4 the example: averages; what is no number is left out, or 0 where that is asked for', async () => {
  const averages = async (parameters: Record<string, string>) =>
    ask('/api/query/segmentation/average', { on: 'secs', ...parameters });
  expect(await averages({})).toMatchObject({
    results: { '2024-03-04': 100, '2024-03-05': 125, '2024-03-06': 30 },
  });
  expect(await averages({ non_numeric: 'zero' })).toMatchObject({
    results: { '2024-03-04': 100, '2024-03-05': 125, '2024-03-06': 15 },
  });
});

test('19 on may be an expression, and so may where', async () => {
  const parameters = {
    on: 'floor(properties["secs"] / 100)',
    where: 'user["plan"] == "pro" and event["$time"] >= datetime("2024-03-05T00:00:00")',
    unit: 'month',
  };
  expect(await ask('/api/query/segmentation', parameters)).toMatchObject({
    data: {
      values: {
        0: { '2024-03-01': 1 },
        2: { '2024-03-01': 1 },
        undefined: { '2024-03-01': 1 },
      },
    },
  });
});
