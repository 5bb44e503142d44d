import { expect, test } from 'vitest';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import { querySchema } from '@arbor/schema/query';
import { d1Views, did, event, only, viewsOf } from './sample-data.ts';

test('2.5.1: days are cut in the zone of the project, also when its offset changes', () => {
  const { buckets, series } = ask(
    d1Views,
    {
      type: 'insights',
      range: { from: '2024-03-04', to: '2024-03-12' },
      metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
    },
    { ...later, timezone: 'America/New_York' },
  );
  const days = buckets.map(({ start }, i) => [start, series[0].values[i]]);
  expect(days).toEqual([
    ['2024-03-04T00:00:00-05:00', 1],
    ['2024-03-05T00:00:00-05:00', 3],
    ['2024-03-06T00:00:00-05:00', 1],
    ['2024-03-07T00:00:00-05:00', 0],
    ['2024-03-08T00:00:00-05:00', 0],
    ['2024-03-09T00:00:00-05:00', 0],
    ['2024-03-10T00:00:00-05:00', 0],
    ['2024-03-11T00:00:00-04:00', 1],
    ['2024-03-12T00:00:00-04:00', 1],
  ]);
});

test('2.5.2: the window of weekly active users ends with the running day', () => {
  const query = querySchema.parse({
    type: 'insights',
    range: { from: '2024-04-25', to: '2024-04-25T16:22:00' },
    metrics: [{ selector: only('Play'), measure: { type: 'wau' } }],
  });
  const plan = planQuery(query, { ...later, nowMs: Date.parse('2024-04-25T16:22:00Z') });
  expect(plan).toMatchObject({
    metrics: [
      {
        measure: {
          windows: {
            starts: [Date.parse('2024-04-19T00:00:00Z')],
            ends: [Date.parse('2024-04-26T00:00:00Z')],
          },
        },
      },
    ],
  });
});

const onTheTwelfth = { ...later, nowMs: Date.parse('2024-03-12T15:00:00Z') };

test('2.5.3: the last 7 days are this one and the 6 before it, in filters on dates', () => {
  const dates = ['2024-03-05', '2024-03-06', '2024-03-12', '2024-03-13'];
  const views = viewsOf(...dates.map((day) => did('u', 'A', '03-12 10:00', { day })));
  const { series } = ask(
    views,
    {
      type: 'insights',
      range: { from: '2024-03-12', to: '2024-03-12' },
      metrics: [{ selector: only('A'), measure: { type: 'total' } }],
      filters: [
        {
          type: 'property',
          property: event('day'),
          operator: 'was_in_last',
          values: [7],
          unit: 'day',
        },
      ],
      breakdowns: [{ property: event('day') }],
    },
    onTheTwelfth,
  );
  expect(series.flatMap(({ segment }) => segment?.text ?? [])).toEqual([
    '2024-03-06',
    '2024-03-12',
  ]);
});

test('2.5.3: the last 7 days are this one and the 6 before it, in what people did', () => {
  const events = ['03-05 23:59', '03-06 00:00', '03-12 14:59'].map((time, i) =>
    did(`u${i + 1}`, 'A', time),
  );
  const { users } = ask(
    buildViews({ events, people: {} }, 2),
    {
      type: 'cohort',
      filters: [{ type: 'behavior', selector: only('A'), span: { type: 'last', days: 7 } }],
    },
    onTheTwelfth,
  );
  expect(users).toBe(2);
});
