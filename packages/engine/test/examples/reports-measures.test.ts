import { expect, test } from 'vitest';
import type { QueryInput } from '@arbor/schema/query';
import { ask } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { d1Views, did, event, only, person, viewsOf } from './sample-data.ts';

type InsightsInput = Extract<QueryInput, { type: 'insights' }>;
type MetricInput = InsightsInput['metrics'][number];

const wholeRange = { from: '2024-03-04', to: '2024-03-12' };
const play = only('Play');
const secs = event('secs');

const insights = (metrics: MetricInput[], over: Partial<InsightsInput> = {}) =>
  ask(d1Views, { type: 'insights', range: wholeRange, metrics, ...over });

const totals = (metrics: MetricInput[], over: Partial<InsightsInput> = {}) =>
  insights(metrics, over).series.map(({ segment, total }) => [segment?.text ?? 'Overall', total]);

test('4.7.3: sums and frequencies per user, over the users', () => {
  const metrics: MetricInput[] = [
    {
      selector: play,
      measure: { type: 'per_user', property: secs, aggregate: 'sum', over: { type: 'average' } },
    },
    {
      selector: play,
      measure: { type: 'per_user', property: secs, aggregate: 'sum', over: { type: 'median' } },
    },
    { selector: play, measure: { type: 'frequency' } },
    { selector: play, measure: { type: 'frequency', over: { type: 'max' } } },
  ];
  expect(totals(metrics).map(([, total]) => total)).toEqual([200, 225, 1.75, 3]);
});

test('4.1: a distribution of frequencies has a segment for each number, its users counted', () => {
  const measure = { type: 'frequency' as const, over: { type: 'distribution' as const } };
  expect(totals([{ selector: play, measure }])).toEqual([
    ['Overall', 4],
    ['1', 2],
    ['2', 1],
    ['3', 1],
  ]);
});

test('4.1: a distribution of a property counts events; within a breakdown in each of its segments', () => {
  const measure = { type: 'distribution' as const, property: secs };
  const over = { breakdowns: [{ property: event('song') }], segmentsMax: 3 };
  expect(totals([{ selector: play, measure }])).toHaveLength(7);
  expect(totals([{ selector: play, measure }], over)).toEqual([
    ['Overall', 6],
    ['A / 100', 1],
    ['A / 200', 1],
    ['A / 300', 1],
  ]);
});

test('4.1: users without a number are left out of numbers per user, and none is counted as 0', () => {
  const views = viewsOf(
    did('a', 'A', '03-04 10:00', { n: 4 }),
    did('b', 'A', '03-04 10:00', { n: 'x' }),
    did('c', 'B', '03-04 10:00', { n: 1 }),
  );
  const { series } = ask(views, {
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: only('A'), measure: { type: 'per_user', property: event('n') } }],
  });
  expect(series[0]).toMatchObject({ total: 4 });
  expect(series[0].values.slice(0, 2)).toEqual([4, null]);
});

test('4.7.4: counted once, a user is in the segment of his first or last event', () => {
  const measure = { type: 'unique' as const };
  const over = { breakdowns: [{ property: event('song') }], unit: 'total' as const };
  expect(totals([{ selector: play, measure, countOnce: 'first' }], over)).toEqual([
    ['Overall', 4],
    ['A', 3],
    ['C', 1],
  ]);
  expect(totals([{ selector: play, measure, countOnce: 'last' }], over)).toEqual([
    ['Overall', 4],
    ['A', 2],
    ['B', 1],
    ['C', 1],
  ]);
});

test('4.7.5: running and rolling values; the days before the range are empty', () => {
  const measure = { type: 'total' as const };
  const { series } = insights([
    { selector: play, measure, cumulative: true },
    { selector: play, measure, rolling: 7 },
  ]);
  expect(series[0].values).toEqual([1, 3, 5, 5, 5, 5, 5, 6, 7]);
  expect(series[1].values.map((value) => value?.toFixed(3))).toEqual([
    '0.143',
    '0.429',
    ...Array<string>(6).fill('0.714'),
    '0.571',
  ]);
  expect(series.map(({ total }) => total)).toEqual([7, 7]);
});

test('4.4: a rolling average looks before the range', () => {
  const { series } = insights([{ selector: play, measure: { type: 'total' }, rolling: 2 }], {
    range: { from: '2024-03-06', to: '2024-03-07' },
  });
  expect(series[0]).toMatchObject({ values: [2, 1], total: 2 });
});

test('4.4: distinct users from the start of the range on', () => {
  const { series } = insights([{ selector: play, measure: { type: 'cumulative_unique' } }]);
  expect(series[0]).toMatchObject({ values: [1, 2, 3, 3, 3, 3, 3, 3, 4], total: 4 });
});

test('4.7.5: a formula divides bucket by bucket, and the range value comes from range values', () => {
  const unique = { type: 'unique' as const };
  const { series } = insights(
    [
      { selector: play, measure: unique },
      { selector: only('Signup'), measure: unique },
    ],
    { formulas: [{ expression: 'A / B' }] },
  );
  expect(series[2]).toMatchObject({ metric: 2, total: 4 / 3 });
  expect(series[2].values.slice(0, 3)).toEqual([0.5, 2, null]);
});

test('4.4: a division by zero is empty, or 0 where the query says so', () => {
  const metrics: MetricInput[] = [
    { selector: play, measure: { type: 'total' } },
    { selector: only('None'), measure: { type: 'total' } },
  ];
  const formulas = [{ expression: 'A / B' }];
  expect(insights(metrics, { formulas }).series[2].total).toBeNull();
  expect(insights(metrics, { formulas, divisionByZero: 'zero' }).series[2].total).toBe(0);
});

test('4.4: a segment that one operand lacks is 0 in it, and formulas rank by themselves', () => {
  const views = viewsOf(
    ...['a', 'a', 'a', 'b'].map((p) => did('u', 'A', '03-04 10:00', { p })),
    ...['b', 'c', 'c', 'c', 'c'].map((p) => did('u', 'B', '03-04 10:00', { p })),
  );
  const { series, segmentCounts, formulaSegmentCounts } = ask(views, {
    type: 'insights',
    range: wholeRange,
    unit: 'total',
    metrics: [
      { selector: only('A'), measure: { type: 'total' } },
      { selector: only('B'), measure: { type: 'total' } },
    ],
    breakdowns: [{ property: event('p') }],
    segmentsMax: 1,
    formulas: [{ expression: '10 * A + B' }, { expression: 'B - A' }],
  });
  expect(series.map(({ metric, segment, total }) => [metric, segment?.text, total])).toEqual([
    [0, undefined, 4],
    [0, 'a', 3],
    [1, undefined, 5],
    [1, 'c', 4],
    [2, undefined, 45],
    [2, 'a', 30],
    [3, undefined, 1],
    [3, 'c', 4],
  ]);
  expect([segmentCounts, formulaSegmentCounts]).toEqual([
    [2, 2],
    [3, 3],
  ]);
});

test('4.4: says what it cannot read of a formula', () => {
  const metrics: MetricInput[] = [{ selector: play, measure: { type: 'total' } }];
  expect(() => insights(metrics, { formulas: [{ expression: 'A + C' }] })).toThrow(
    /^the formula "A \+ C" cannot be read: /,
  );
});

test('4.7.5: even buckets of a number', () => {
  const buckets = { type: 'even' as const, min: 0, max: 300, size: 100 };
  const found = totals([{ selector: play, measure: { type: 'total' } }], {
    breakdowns: [{ property: secs, buckets }],
  });
  expect(Object.fromEntries(found)).toEqual({
    Overall: 7,
    '0 – 100': 2,
    '100 – 200': 2,
    '200 – 300': 1,
    '≥ 300': 1,
    '(non-numeric values)': 1,
  });
});

test('3.7: automatic buckets are of a round width, few whole numbers are plain values', () => {
  const auto = { type: 'auto' as const };
  const found = (property: ReturnType<typeof event>, of: typeof d1Views): (string | undefined)[] =>
    ask(of, {
      type: 'insights',
      range: wholeRange,
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
      breakdowns: [{ property, buckets: auto }],
    }).series.flatMap(({ segment }) => (segment === null ? [] : [segment.text]));
  // Of numbers, what is none has a segment of its own, however few there are.
  expect(new Set(found(secs, d1Views))).toEqual(
    new Set(['(non-numeric values)', '(not set)', '100', '120', '200', '30', '300', '50']),
  );
  expect(found(event('song'), d1Views)).toEqual(['A', '(not set)', 'B', 'C']);
  const many = viewsOf(
    ...Array.from({ length: 40 }, (_, i) => did('u', 'A', '03-04 10:00', { n: i * 2.6 })),
  );
  const segments = found(event('n'), many);
  expect(segments).toHaveLength(11);
  expect(segments).toContain('0 – 10');
  expect(segments).toContain('100 – 110');
});

test('3.7: automatic buckets look at every event of the report, however many there are', () => {
  const names = Array.from({ length: 30 }, (_, i) => `E${i}`);
  const { series } = ask(
    viewsOf(...names.map((name, i) => did('u', name, '03-04 10:00', { n: i * 1.5 }))),
    {
      type: 'insights',
      range: wholeRange,
      unit: 'total',
      metrics: names.map((name) => ({ selector: only(name), measure: { type: 'total' } })),
      breakdowns: [{ property: event('n'), buckets: { type: 'auto' } }],
    },
  );
  expect(series.filter(({ segment }) => segment?.text === '40 – 45')).toHaveLength(3);
});

test('4.7.6: first time ever', () => {
  const first = { anyOf: [{ event: 'Play', firstTime: 'event' as const }] };
  const { series } = insights([{ selector: first, measure: { type: 'total' } }]);
  expect(series[0].values).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 1]);
});

test('4.1: profiles as they are now, in every bucket', () => {
  const { series } = insights([{ type: 'people', measure: { type: 'total' } }], {
    breakdowns: [{ property: person('plan') }],
  });
  expect(series.map(({ segment, total }) => [segment?.text, total])).toEqual([
    [undefined, 3],
    ['pro', 2],
    ['free', 1],
  ]);
  expect(series[1].values).toEqual(Array<number>(9).fill(2));
});

test('4.1: sessions with the event', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:10'),
    did('u', 'A', '03-04 12:00'),
    did('', 'A', '03-04 12:00'),
  );
  const { series } = ask(views, {
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: only('A'), measure: { type: 'sessions' } }],
  });
  expect(series[0]).toMatchObject({ total: 2 });
});

test('4.1: the size of a cohort as of the end of each bucket', () => {
  const cohort = {
    type: 'conditions' as const,
    filters: [
      {
        type: 'behavior' as const,
        selector: play,
        span: { type: 'last' as const, days: 3 },
      },
    ],
  };
  const { series } = insights([{ type: 'cohort', cohort }], {
    range: { from: '2024-03-05', to: '2024-03-09' },
  });
  expect(series[0]).toMatchObject({ segment: null, values: [2, 3, 3, 2, 0], total: 0 });
});

test('4.1: a funnel as a metric is a funnel of its own in each bucket', () => {
  const funnel = { steps: [only('Signup'), play] };
  const { series } = insights(
    [
      { type: 'funnel', funnel },
      { type: 'funnel', funnel, value: 'count' },
      { type: 'funnel', funnel, value: 'median_time' },
    ],
    { range: { from: '2024-03-04', to: '2024-03-06' } },
  );
  expect(series.map(({ values, total }) => [...values, total])).toEqual([
    [1, 1, null, 1],
    [2, 1, 0, 3],
    [41_700_000, 2_400_000, null, 2_400_000],
  ]);
});

test('4.1: an interval of a retention as a metric, its cohorts as buckets', () => {
  const retention = { birth: only('Signup'), return: play, criterion: 'on' as const };
  const { series } = insights([{ type: 'retention', retention, interval: 0 }], {
    range: { from: '2024-03-04', to: '2024-03-05' },
  });
  expect(series[0].values).toEqual([1, 1]);
});

test('4.5: a frequency as a filter is that of each day in a chart by day, of the range in others', () => {
  const behavior = { type: 'behavior' as const, selector: play, aggregate: 'count' as const };
  const filters = [
    {
      type: 'property' as const,
      property: { ...event('plays'), computed: behavior },
      operator: 'at_least' as const,
      values: [2],
    },
  ];
  const metrics: MetricInput[] = [{ selector: play, measure: { type: 'unique' } }];
  expect(insights(metrics, { filters }).series[0].total).toBe(0);
  expect(insights(metrics, { filters, unit: 'total' }).series[0].total).toBe(2);
});

test('3.9: the same length before; a segment that only that time has comes too', () => {
  const views = viewsOf(
    did('u', 'A', '03-01 10:00', { p: 'old' }),
    did('u', 'A', '03-03 10:00', { p: 'both' }),
    did('u', 'A', '03-04 10:00', { p: 'both' }),
  );
  const { series, comparison } = ask(views, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-06' },
    metrics: [{ selector: only('A'), measure: { type: 'total' } }],
    breakdowns: [{ property: event('p') }],
    compare: { type: 'previous_period' },
  });
  const lines = (of: typeof series) => of.map(({ segment, values }) => [segment?.text, ...values]);
  expect(comparison?.buckets.map(({ start }) => start.slice(5, 10))).toEqual([
    '03-01',
    '03-02',
    '03-03',
  ]);
  expect(lines(series)).toEqual([
    [undefined, 1, 0, 0],
    ['both', 1, 0, 0],
    ['old', 0, 0, 0],
  ]);
  expect(lines(comparison?.series ?? [])).toEqual([
    [undefined, 1, 0, 1],
    ['both', 0, 0, 1],
    ['old', 1, 0, 0],
  ]);
});

test('3.9: a point of the year before that falls on a weekend moves to the next Monday', () => {
  // 2024-03-05 is a Tuesday, 03-09 and 03-10 are the weekend.
  const { comparison } = insights(
    [
      { selector: play, measure: { type: 'total' } },
      { selector: play, measure: { type: 'total' }, cumulative: true },
      { selector: play, measure: { type: 'total' }, rolling: 2 },
      { selector: play, measure: { type: 'cumulative_unique' } },
    ],
    {
      range: { from: '2025-03-05', to: '2025-03-10' },
      compare: { type: 'previous', unit: 'year' },
      formulas: [{ expression: 'A + B' }],
    },
  );
  const days = comparison?.buckets.map(({ start }) => start.slice(0, 10));
  expect(days).toEqual([
    '2024-03-05',
    '2024-03-06',
    '2024-03-07',
    '2024-03-08',
    '2024-03-11',
    '2024-03-11',
  ]);
  // The time that is compared has the same length: its totals know nothing of that Monday.
  expect(comparison?.series.map(({ values, total }) => [...values, total])).toEqual([
    [2, 2, 0, 0, 1, 1, 4],
    [2, 4, 4, 4, 5, 5, 4],
    [1.5, 2, 1, 0, 0.5, 0.5, 4],
    [2, 3, 3, 3, 3, 3, 3],
    [4, 6, 4, 4, 6, 6, 8],
  ]);
});

test('3.9: a segment has its own line where points are moved, also one of that Monday alone', () => {
  const views = viewsOf(
    did('u', 'A', '03-08 10:00', { p: 'x' }),
    did('u', 'A', '03-11 10:00', { p: 'x' }),
    did('u', 'A', '03-11 10:00', { p: 'y' }),
    did('u', 'A', '03-11 11:00', { p: 'y' }),
  );
  const { comparison } = ask(views, {
    type: 'insights',
    range: { from: '2025-03-08', to: '2025-03-09' },
    metrics: [{ selector: only('A'), measure: { type: 'total' } }],
    breakdowns: [{ property: event('p') }],
    segmentsMax: 1,
    compare: { type: 'previous', unit: 'year' },
  });
  const lines = comparison?.series.map(({ segment, values }) => [segment?.text, ...values]);
  expect(lines).toEqual([
    [undefined, 1, 3],
    ['x', 1, 1],
  ]);
});

test('3.9: retentions and funnels of the days that points are moved to', () => {
  const { comparison } = insights(
    [
      {
        type: 'retention',
        retention: { birth: only('Signup'), return: play, criterion: 'on' },
        interval: 2,
        value: 'count',
      },
      { type: 'funnel', funnel: { steps: [play, play] }, value: 'count' },
    ],
    {
      range: { from: '2025-03-04', to: '2025-03-09' },
      compare: { type: 'previous', unit: 'year' },
    },
  );
  expect(comparison?.buckets[5].start.slice(0, 10)).toBe('2024-03-11');
  expect(comparison?.series.map(({ values }) => values)).toEqual([
    [1, 0, 0, 0, 0, 0],
    [1, 2, 0, 0, 0, 0],
  ]);
});

test('4.1: a segment has the line of its funnel by day, whatever is the best one by day', () => {
  const didB = (user: string, time: string) => did(user, 'B', time);
  const views = buildViews(
    {
      events: [didB('bob', '03-08 01:00'), didB('ada', '03-08 01:00'), didB('ada', '03-09 01:00')],
      people: { ada: { p: 'x' } },
    },
    2,
  );
  const { series } = ask(views, {
    type: 'insights',
    range: { from: '2024-03-08', to: '2024-03-09' },
    metrics: [{ type: 'funnel', funnel: { steps: [only('B'), only('A')] }, value: 'rate' }],
    breakdowns: [{ property: person('p') }],
    segmentsMax: 1,
  });
  expect(series.slice(1)).toMatchObject([{ segment: { type: 'not_set' }, values: [0, null] }]);
});

test('4.1: a segment that the funnel has on some days alone has its line where another metric has it', () => {
  const views = viewsOf(
    did('u', 'B', '03-08 01:00', { p: 'first' }),
    did('u', 'B', '03-09 01:00', { p: 'later' }),
    did('u', 'A', '03-09 02:00'),
  );
  const metrics: MetricInput[] = [
    { selector: only('B'), measure: { type: 'total' } },
    { type: 'funnel', funnel: { steps: [only('B'), only('A')] }, value: 'count' },
    { type: 'funnel', funnel: { steps: [only('B'), only('A')] }, value: 'median_time' },
  ];
  const { series } = ask(views, {
    type: 'insights',
    range: { from: '2024-03-08', to: '2024-03-09' },
    metrics,
    breakdowns: [{ property: event('p') }],
    rankBy: 0,
  });
  const ofLater = series.filter(({ segment }) => segment?.text === 'later');
  expect(ofLater).toMatchObject([
    { metric: 0, values: [0, 1] },
    { metric: 1, values: [0, 1], total: 0 },
    { metric: 2, values: [null, 3_600_000], total: null },
  ]);
});

test('14.5: how often somebody did it breaks down profiles, too', () => {
  const behavior = { type: 'behavior' as const, selector: play, aggregate: 'count' as const };
  const found = totals([{ type: 'people', measure: { type: 'total' } }], {
    breakdowns: [{ property: { ...event('plays'), computed: behavior } }],
  });
  expect(found).toEqual([
    ['Overall', 3],
    ['1', 1],
    ['2', 1],
    ['3', 1],
  ]);
});
