import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { planQuery } from '../plan/plan.ts';
import { combineFunnels } from './funnel.ts';
import { mergePartials } from './merge.ts';

const selector = { anyOf: [{ event: 'A' }] };
const context = { timezone: 'UTC', weekStart: 1, nowMs: Date.parse('2030-01-01T00:00Z') };
const range = { from: '2024-03-04', to: '2024-03-05' };

const totals = planQuery(
  querySchema.parse({
    type: 'insights',
    range,
    metrics: [{ selector, measure: { type: 'total' } }],
  }),
  context,
);

test('without a partial result every count is zero', () => {
  expect(mergePartials(totals, [])).toMatchObject({
    series: [{ metric: 0, segment: null, values: [0, 0], total: 0 }],
    segmentCounts: [0],
  });
});

test('adds shards that have different buckets', () => {
  const partial = (at: number[], counts: number[]) => ({
    type: 'insights' as const,
    metrics: [{ overall: { type: 'counts' as const, at, counts }, segments: [] }],
  });
  const result = mergePartials(totals, [partial([1], [5]), partial([0, 1], [1, 2])]);
  expect(result).toMatchObject({ series: [{ values: [1, 7], total: 8 }] });
});

test('takes the median over the values of all shards', () => {
  const plan = planQuery(
    querySchema.parse({ type: 'funnel', range, steps: [selector, selector] }),
    context,
  );
  const partial = (...times: number[]) => ({
    type: 'funnel' as const,
    overall: {
      counts: [times.length, times.length],
      fromEntryMs: [[], times],
      fromPreviousMs: [[], []],
    },
    segments: [],
    timesInSegments: false,
    byEntry: [],
    stillOpen: 1,
  });
  expect(mergePartials(plan, [partial(1, 100), partial(2)])).toMatchObject({
    steps: [
      { count: 3, averageFromEntryMs: null },
      { count: 3, averageFromEntryMs: 103 / 3, medianFromEntryMs: 2, medianFromPreviousMs: 2 },
    ],
    stillOpen: 2,
  });
});

test('takes the times of all attempts from the segments where these have them', () => {
  const question = querySchema.parse({
    type: 'funnel',
    range: { from: '2024-03-01', to: '2024-03-31' },
    steps: ['A', 'B', 'C'].map((event) => ({ anyOf: [{ event }] })),
    breakdowns: [{ property: { scope: 'person', name: 'plan' } }],
  });
  const plan = planQuery(question, context);
  if (plan.type !== 'funnel') throw new Error('not a funnel');
  const segment = (text: string, total: number, last: number) => ({
    segment: { type: 'string' as const, text },
    cells: {
      counts: [1, 1, 1],
      fromEntryMs: [[], [total - last], [total]],
      fromPreviousMs: [[], [], [last]],
    },
  });
  const together = {
    type: 'funnel' as const,
    overall: { counts: [2, 2, 2], fromEntryMs: [[], [], []], fromPreviousMs: [[], [], []] },
    segments: [segment('free', 10, 4), segment('pro', 30, 5)],
    timesInSegments: true,
    byEntry: [],
    stillOpen: 0,
  };
  const alone = {
    ...together,
    overall: { counts: [1, 1, 1], fromEntryMs: [[], [9], [20]], fromPreviousMs: [[], [], [11]] },
    segments: [segment('pro', 20, 11)],
    timesInSegments: false,
  };
  const expected = mergePartials(plan, [together, alone]);
  expect(expected).toMatchObject({
    steps: [
      { count: 3 },
      { count: 3, medianFromEntryMs: 9, medianFromPreviousMs: 9 },
      { count: 3, medianFromEntryMs: 20, medianFromPreviousMs: 5 },
    ],
    segments: [
      {
        segment: { text: 'pro' },
        steps: [{ count: 2 }, { count: 2 }, { medianFromEntryMs: 25, medianFromPreviousMs: 8 }],
      },
      { segment: { text: 'free' } },
    ],
  });
  const combined = combineFunnels(plan, [together, alone]);
  expect(mergePartials(plan, [combined])).toEqual(expected);
});

test('a partial of another report is our own mistake', () => {
  const partial = {
    type: 'retention' as const,
    overall: { cohorts: [], sizes: [], counts: [] },
    segments: [],
  };
  expect(() => mergePartials(totals, [partial])).toThrow(
    'retention partial cannot answer insights plan',
  );
});

test('makes no table for the segments that do not come back', () => {
  const plan = planQuery(
    querySchema.parse({
      type: 'retention',
      range: { from: '2024-01-01', to: '2024-06-30' },
      birth: selector,
      return: selector,
      intervals: 180,
      segmentsMax: 2,
    }),
    context,
  );
  const counts = [Array.from({ length: 180 }, () => 1)];
  // Tables of all would be 6.5 billion cells.
  const segments = Array.from({ length: 200_000 }, (_, i) => ({
    segment: { type: 'string' as const, text: String(i) },
    cells: { cohorts: [3], sizes: [i === 77_777 ? 9 : 1], counts },
  }));
  const overall = { cohorts: [3], sizes: [200_008], counts };
  const result = mergePartials(plan, [{ type: 'retention', overall, segments }]);
  if (result.type !== 'retention') throw new Error('wrong result');
  expect(result.segmentCount).toBe(200_000);
  expect(result.segments.map(({ segment, cohorts }) => [segment.text, cohorts[3].size])).toEqual([
    ['77777', 9],
    ['0', 1],
  ]);
});
