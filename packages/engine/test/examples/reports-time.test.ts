import { expect, test } from 'vitest';
import { ask, later } from '../model/ask.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import { querySchema } from '@arbor/schema/query';
import { d1Views, only } from './sample-data.ts';

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
