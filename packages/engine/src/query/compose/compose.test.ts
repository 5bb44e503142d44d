import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { answer, later } from '../../../test/model/ask.ts';
import { buildViews } from '../../../test/model/build-views.ts';
import { executePlan } from '../exec/execute.ts';
import { composeQuery } from './compose.ts';

const total = {
  selector: { anyOf: [{ event: 'A' }] },
  measure: { type: 'total' as const },
};
const report = {
  type: 'insights' as const,
  range: { from: '2024-03-04', to: '2024-03-05' },
  metrics: [total],
};

const values = ['a', 'a', 'a', 'b', 'b', 'c'];
const views = buildViews(
  {
    events: [
      ...values.map((p) => ({
        user: 'u',
        event: 'A',
        time: Date.UTC(2024, 2, 4),
        properties: { p },
      })),
      ...['c', 'c', 'd', 'd', 'd'].map((p) => {
        return { user: 'u', event: 'A', time: Date.UTC(2024, 2, 3), properties: { p } };
      }),
    ],
    people: {},
  },
  2,
);

/** The answer, and how many plans were executed for it. */
function asked(query: QueryInput) {
  let plans = 0;
  const result = answer(query, later, (plan) => {
    plans++;
    return views.map((view) => executePlan(plan, view));
  });
  if (result.type !== 'insights') throw new Error('not an insights report');
  return { result, plans };
}

const byValue = [{ property: { scope: 'event' as const, name: 'p' } }];

test('a query that needs nothing of this is asked as it is', () => {
  const query = querySchema.parse(report);
  const step = composeQuery(query, later);
  expect(step.type === 'ask' && step.queries).toEqual([query]);
  expect(step.type === 'ask' && step.queries[0]).toEqual(query);
});

test('metrics of one time are asked together, formulas cost nothing', () => {
  const { plans } = asked({
    ...report,
    metrics: [total, total],
    formulas: [{ expression: 'A/B' }],
  });
  expect(plans).toBe(1);
});

test('asks for the listed segments of another time where its own best ones are others', () => {
  const compare = { type: 'previous_period' as const };
  const { result, plans } = asked({ ...report, breakdowns: byValue, segmentsMax: 1, compare });
  const lines = (result.comparison?.series ?? []).map((own) => [own.segment?.text, own.total]);
  // Of the days before d is the best; a, the best of these days, was never seen then.
  expect(lines).toEqual([
    [undefined, 5],
    ['a', 0],
  ]);
  expect(plans).toBe(4);
});

test('the other segments of another time are those that this one leaves out', () => {
  const compare = { type: 'previous_period' as const };
  const query = { ...report, breakdowns: byValue, segmentsMax: 1, otherSegment: true, compare };
  const { result } = asked(query);
  const lines = (of: typeof result.series) => of.map((own) => [own.segment?.text, own.total]);
  expect(lines(result.series)).toEqual([
    [undefined, 6],
    ['a', 3],
    ['(other)', 3],
  ]);
  expect(lines(result.comparison?.series ?? [])).toEqual([
    [undefined, 5],
    ['a', 0],
    ['(other)', 5],
  ]);
});

test('a formula may rank the segments of all metrics', () => {
  const formulas = [{ expression: '0 - A' }];
  const { result } = asked({ ...report, breakdowns: byValue, segmentsMax: 1, formulas, rankBy: 1 });
  expect(result.series.map((own) => [own.metric, own.segment?.text, own.total])).toEqual([
    [0, undefined, 6],
    [0, 'c', 1],
    [1, undefined, -6],
    [1, 'c', -1],
  ]);
});

test('comes back with exactly the segments that are named, in their order', () => {
  const string = (text: string) => ({ type: 'string' as const, text });
  const segments = [[string('c'), string('none'), string('a')]];
  const { result } = asked({ ...report, breakdowns: byValue, segments });
  expect(result.series.map((own) => [own.segment?.text, own.total])).toEqual([
    [undefined, 6],
    ['c', 1],
    ['none', 0],
    ['a', 3],
  ]);
});

test('cuts buckets at edges of its own', () => {
  const edges = ['2024-03-03', '2024-03-04', '2024-03-08T12:00:00Z'];
  const { result } = asked({ ...report, edges });
  expect(result.series[0]).toMatchObject({ values: [5, 6], total: 11 });
  expect(() => asked({ ...report, edges: ['2024-03-04', '2024-03-04'] })).toThrow(
    'the edges of buckets do not rise: 2024-03-04 after 2024-03-04',
  );
});

test.each([
  [
    { ...report, formulas: [{ expression: 'A' }], rankBy: 2 },
    'metric 2 cannot rank: the query has metrics and formulas 0 to 1',
  ],
  [
    { ...report, metrics: [{ ...total, countOnce: 'first' as const }] },
    'users are counted once in a segment by the measure unique, not by total',
  ],
  [
    {
      ...report,
      metrics: [
        {
          type: 'retention' as const,
          retention: { birth: total.selector, return: total.selector, unit: 'week' as const },
          interval: 1,
        },
      ],
    },
    'a retention by the week has a number for each week: ask for it by the week or in total, not by the day',
  ],
  [
    {
      ...report,
      range: { from: '2024-03-04', to: '2024-03-17' },
      unit: 'week' as const,
      metrics: [
        {
          type: 'retention' as const,
          retention: { birth: total.selector, return: total.selector, unit: 'week' as const },
          interval: 1,
        },
      ],
      compare: { type: 'previous' as const, unit: 'month' as const },
    },
    'a retention by the week has no cohort that begins on 2024-02-11: compare it with a time that begins with a week',
  ],
])('says what makes no sense: %#', (query, message) => {
  expect(() => asked(query)).toThrow(message);
});
