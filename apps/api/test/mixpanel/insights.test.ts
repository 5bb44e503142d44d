import { d1 } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 3 and 13, over the sample data D1 of reports.md 1. */

const { get, post } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 12, 12, 0, 0, 120) });

const play = { type: 'event', name: 'Play', resourceType: 'events' };
const signup = { type: 'event', name: 'Signup', resourceType: 'events' };
const metric = (behavior: object, measurement: object = {}) => ({
  type: 'metric',
  behavior,
  measurement,
});
const between = (from: string, to: string, unit = 'day') => ({
  dateRangeType: 'between',
  unit,
  value: [from, to],
});

async function report(
  show: object[],
  { chartType = 'bar', displayOptions = {}, ...sections }: Record<string, unknown> = {},
) {
  const { status, body } = await post('/api/query/insights', {
    project_id: 1,
    bookmark: {
      sections: { show, time: [between('2024-03-04', '2024-03-12')], ...sections },
      displayOptions: { chartType, ...(displayOptions as object) },
    },
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return body as { readonly series: Record<string, unknown> };
}

const refused = async (show: object[], sections: object = {}) => {
  const { status, body } = await post('/api/query/insights', {
    bookmark: { sections: { show, time: [between('2024-03-04', '2024-03-12')], ...sections } },
  });
  return [status, (body as { error: string }).error] as const;
};

const day = (date: number) => `2024-03-${String(date).padStart(2, '0')}T00:00:00+00:00`;

test('3 the example: a time chart', async () => {
  const answer = await report([metric(play, { math: 'total' })], {
    chartType: 'line',
    time: [between('2024-03-04', '2024-03-06')],
  });
  expect(answer).toEqual({
    computed_at: '2024-03-12T12:00:00.120000+00:00',
    date_range: {
      from_date: '2024-03-04T00:00:00+00:00',
      to_date: '2024-03-06T23:59:59.999000+00:00',
    },
    headers: ['$metric'],
    series: { 'Play - Total': { [day(4)]: 1, [day(5)]: 2, [day(6)]: 2 } },
    meta: { is_cached: false, sampling_factor: 1 },
  });
});

test('3 a saved report must be there, and one of the two must be asked for', async () => {
  expect(await get('/api/query/insights', { bookmark_id: '12' })).toMatchObject({
    status: 404,
    body: { error: 'there is no saved report 12' },
  });
  expect(await get('/api/query/insights')).toMatchObject({
    status: 400,
    body: { error: 'bookmark_id: is missing' },
  });
});

test('13.2 other charts have one value over the range; names tell series apart', async () => {
  const { series } = await report([
    metric(play),
    metric(play, { math: 'unique' }),
    { ...metric(signup, { math: 'total' }), name: 'New' },
    { ...metric(signup, { math: 'total' }), isHidden: true },
  ]);
  expect(series).toEqual({
    'Play - Unique': { all: 4 },
    'Play - Unique (B)': { all: 4 },
    New: { all: 3 },
  });
});

test.each([
  ['average', 800 / 6],
  ['median', 110],
  ['min', 30],
  ['max', 300],
  ['p25', 62.5],
  ['p90', 250],
  ['total', 800],
])('13.2 the math %s of a property', async (math, all) => {
  const property = { name: 'secs', resourceType: 'events' };
  const { series } = await report([metric(play, { math, property })]);
  expect(Object.values(series)).toEqual([{ all }]);
});

test('13.2 percentiles of any number, different values, sessions, per user', async () => {
  const secs = { name: 'secs', resourceType: 'events' };
  const { series } = await report([
    metric(play, { math: 'custom_percentile', percentile: 75, property: secs }),
    metric(play, { math: 'unique_values', property: { name: 'song' } }),
    metric(play, { math: 'average', property: secs, perUserAggregation: 'total' }),
    metric(play, { math: 'average', perUserAggregation: 'total' }),
  ]);
  expect(Object.values(series)).toEqual([{ all: 180 }, { all: 3 }, { all: 200 }, { all: 1.75 }]);
});

test('13.2 formulas name metrics by their place in show, wherever they stand', async () => {
  const { series } = await report([
    { type: 'formula', definition: '(C / B) * 100', name: 'Players per signup' },
    { ...metric(signup, { math: 'unique' }), isHidden: true },
    metric(play, { math: 'unique' }),
  ]);
  expect(series).toEqual({
    'Play - Unique': { all: 4 },
    'Players per signup': { all: (4 / 3) * 100 },
  });
});

test('13.2 several events as one, and any event', async () => {
  const { series } = await report([
    metric({ type: 'simple', name: 'Either', behaviors: [play, signup] }, { math: 'total' }),
    metric({ type: 'event', name: '$mp_anything_event' }, { math: 'total' }),
  ]);
  expect(series).toEqual({ 'Either - Total': { all: 10 }, 'All Events - Total': { all: 10 } });
});

test('13.2 running sums, rolling means and another time', async () => {
  const time = [between('2024-03-04', '2024-03-06')];
  const line = { chartType: 'line', time };
  const total = [metric(play, { math: 'total' })];
  const sums = await report(total, { ...line, displayOptions: { analysis: 'cumulative' } });
  expect(sums.series).toEqual({ 'Play - Total': { [day(4)]: 1, [day(5)]: 3, [day(6)]: 5 } });
  const rolling = { analysis: 'rolling', rollingWindowSize: 2 };
  const means = await report(total, { ...line, displayOptions: rolling });
  expect(means.series).toEqual({ 'Play - Total': { [day(4)]: 0.5, [day(5)]: 1.5, [day(6)]: 2 } });
  const timeComparison = { type: 'relative', value: 'day' };
  expect(await report(total, { ...line, displayOptions: { timeComparison } })).toMatchObject({
    time_comparison: { 'Play - Total': { [day(3)]: 0, [day(4)]: 1, [day(5)]: 2 } },
  });
});

test('13.2 ranges: the last weeks, the running one included, and since a date', async () => {
  const total = [metric(play, { math: 'total' })];
  const lastWeeks = {
    dateRangeType: 'in the last',
    unit: 'week',
    window: { unit: 'week', value: 2 },
  };
  expect((await report(total, { time: [lastWeeks], chartType: 'line' })).series).toEqual({
    'Play - Total': { [day(4)]: 5, [day(11)]: 2 },
  });
  const since = { dateRangeType: 'since', unit: 'day', value: '2024-03-11' };
  expect((await report(total, { time: [since] })).series).toEqual({ 'Play - Total': { all: 2 } });
});

test('13.3 the filter of the specification, of profiles', async () => {
  const filter = {
    resourceType: 'people',
    value: 'plan',
    filterType: 'string',
    defaultType: 'string',
    filterOperator: 'equals',
    filterValue: ['free'],
  };
  const total = [metric(play, { math: 'total' })];
  expect((await report(total, { filter: [filter] })).series).toEqual({
    'Play - Total': { all: 1 },
  });
  const other = { ...filter, resourceType: 'events', value: 'song', filterValue: ['B'] };
  const both = { filter: [filter, other] };
  expect((await report(total, both)).series).toEqual({ 'Play - Total': { all: 0 } });
  expect((await report(total, { ...both, filterOperator: 'any' })).series).toEqual({
    'Play - Total': { all: 3 },
  });
});

test.each([
  [
    { value: 'secs', filterType: 'number', filterOperator: 'is between', filterValue: [50, 120] },
    3,
  ],
  [{ value: 'secs', filterType: 'number', filterOperator: 'is at least', filterValue: 200 }, 2],
  [
    {
      value: 'tags',
      filterType: 'list',
      filterOperator: 'equals',
      filterValue: ['rock'],
      listQuantifier: 'all',
    },
    2,
  ],
  [{ value: 'song', filterOperator: 'is set', filterValue: null }, 7],
  [
    {
      resourceType: 'people',
      behavior: {
        behaviorType: '$frequency',
        event: { value: 'Play' },
        aggregationOperator: 'total',
      },
      filterType: 'number',
      filterOperator: 'is at least',
      filterValue: 3,
    },
    3,
  ],
  [
    {
      behavior: {
        event: { value: 'Play' },
        dateRange: { type: 'in the last', window: { unit: 'day', value: 1 } },
      },
      filterOperator: 'is at least',
      filterValue: 1,
    },
    1,
  ],
  [
    {
      value: '$cohorts',
      filterOperator: 'does not contain',
      filterValue: [
        {
          cohort: {
            raw_cohort: {
              selector: {
                operator: 'and',
                children: [
                  {
                    property: 'user',
                    value: 'plan',
                    operator: '==',
                    operand: 'pro',
                    type: 'string',
                  },
                ],
              },
            },
          },
        },
      ],
    },
    2,
  ],
])('13.3 a filter of a metric: %j', async (filter, all) => {
  const { series } = await report([metric({ ...play, filters: [filter] }, { math: 'total' })]);
  expect(series).toEqual({ 'Play - Total': { all } });
});

test('13.3 groups nest in their order, with $overall outside', async () => {
  const group = [
    { value: 'plan', propertyName: 'plan', resourceType: 'people', propertyType: 'string' },
    { value: 'song', propertyName: 'song', resourceType: 'events', propertyType: 'string' },
  ];
  const answer = await report([metric(play, { math: 'total' })], { group });
  expect(answer).toMatchObject({
    headers: ['$metric', 'plan', 'song'],
    series: {
      'Play - Total': {
        $overall: { all: 7 },
        pro: { A: { all: 3 }, B: { all: 2 } },
        free: { C: { all: 1 } },
        undefined: { A: { all: 1 } },
      },
    },
  });
});

test('13.3 groups of ranges, of a formula and of a cohort', async () => {
  const total = [metric(play, { math: 'total' })];
  const of = async (group: object) =>
    (await report(total, { group: [group] })).series['Play - Total'];
  expect(
    await of({
      value: 'secs',
      propertyType: 'number',
      customBucket: { min: 0, max: 300, bucketSize: 100 },
    }),
  ).toMatchObject({ '0 – 100': { all: 2 }, '100 – 200': { all: 2 } });
  const composedProperties = { A: { value: 'song', type: 'string', resourceType: 'events' } };
  expect(
    await of({ customProperty: { displayFormula: 'lower(A)', composedProperties } }),
  ).toMatchObject({ a: { all: 4 }, b: { all: 2 }, c: { all: 1 } });
  const raw = {
    selector: { property: 'user', value: 'plan', operator: '==', operand: 'pro', type: 'string' },
  };
  const cohort = await of({ cohorts: [{ name: 'Pros', raw_cohort: raw }] });
  expect(Object.values(cohort as object)).toEqual([{ all: 7 }, { all: 5 }, { all: 2 }]);
});

const steps = { type: 'funnel', name: 'Funnel', behaviors: [signup, play] };
const entries = { time: [between('2024-03-04', '2024-03-05')] };

test('13.4 a funnel over the range', async () => {
  const behavior = { ...steps, conversionWindowDuration: 7, conversionWindowUnit: 'day' };
  const funnel = [metric(behavior, { math: 'conversion_rate_unique' })];
  expect((await report(funnel, { ...entries, chartType: 'funnel-steps' })).series).toEqual({
    Funnel: {
      count: { '1. Signup': { all: 3 }, '2. Play': { all: 3 } },
      step_conv_ratio: { '1. Signup': { all: 1 }, '2. Play': { all: 1 } },
      overall_conv_ratio: { '1. Signup': { all: 1 }, '2. Play': { all: 1 } },
      avg_time: { '1. Signup': { all: null }, '2. Play': { all: 28_600 } },
      avg_time_from_start: { '1. Signup': { all: null }, '2. Play': { all: 28_600 } },
    },
  });
});

test('13.4 a funnel by time and by a property', async () => {
  const group = [{ value: 'plan', resourceType: 'people' }];
  const funnel = [metric(steps, { math: 'conversion_rate_unique' })];
  const answer = await report(funnel, { ...entries, group, chartType: 'line' });
  expect(answer.series).toMatchObject({
    Funnel: {
      $overall: { count: { '2. Play': { [day(4)]: 2, [day(5)]: 1 } } },
      pro: { count: { '2. Play': { [day(4)]: 2, [day(5)]: 0 } } },
      free: { count: { '1. Signup': { [day(4)]: 0, [day(5)]: 1 } } },
    },
  });
});

test('13.2 what lies between steps excludes, held properties must agree', async () => {
  const counts = async (behavior: object) => {
    const funnel = [metric({ ...steps, ...behavior }, { math: 'unique' })];
    const answer = await report(funnel, { ...entries, chartType: 'funnel-steps' });
    const { Funnel } = answer.series as { Funnel: { count: Record<string, { all: number }> } };
    return Object.values(Funnel.count).map(({ all }) => all);
  };
  const twice = { behaviors: [signup, play, play] };
  expect(await counts(twice)).toEqual([3, 3, 2]);
  expect(
    await counts({ ...twice, aggregateBy: [{ value: 'song', resourceType: 'events' }] }),
  ).toEqual([0, 0, 0]);
  const exclusions = [{ event: 'Play', steps: { from: 1, to: 2 } }];
  expect(
    await counts({
      behaviors: [
        signup,
        { ...play, filters: [{ value: 'song', filterOperator: 'equals', filterValue: ['B'] }] },
      ],
      exclusions,
    }),
  ).toEqual([3, 0]);
});

test('13.4 a retention, with rates and the average', async () => {
  const behavior = {
    type: 'retention',
    behaviors: [signup, play],
    retentionUnit: 'day',
    retentionCustomBucketSizes: [1, 1, 1],
  };
  const retention = [metric(behavior, { math: 'retention_rate' })];
  expect((await report(retention, { ...entries, chartType: 'retention-curve' })).series).toEqual({
    'Signup and then Play': {
      [day(4)]: { first: 2, counts: [2, 0, 1], rates: [1, 0, 0.5] },
      [day(5)]: { first: 1, counts: [1, 0, 0], rates: [1, 0, 0] },
      $average: expect.objectContaining({ rates: [1, 0, 0.4] }) as unknown,
    },
  });
});

test('13.2 retention modes: calendar, and on or after', async () => {
  const behavior = {
    type: 'retention',
    behaviors: [signup, play],
    retentionAlignmentType: 'interval_start',
    retentionCustomBucketSizes: [1, 1, 1],
  };
  const of = async (more: object) => {
    const retention = [metric({ ...behavior, ...more }, { math: 'unique' })];
    return (await report(retention, entries)).series['Signup and then Play'];
  };
  expect(await of({})).toMatchObject({ [day(4)]: { counts: [1, 2, 1] } });
  expect(await of({ retentionUnboundedMode: 'carry_back' })).toMatchObject({
    [day(4)]: { counts: [2, 2, 1] },
  });
});

test('13.2 funnels, retentions, cohorts and profiles as metrics beside others', async () => {
  const { series } = await report(
    [
      metric(steps, { math: 'conversion_rate_unique' }),
      metric(
        { type: 'retention', behaviors: [signup, play] },
        { math: 'unique', retentionBucketIndex: 0 },
      ),
      metric({ type: 'people', name: 'Profiles' }),
      metric(play, { math: 'total' }),
    ],
    { time: [between('2024-03-04', '2024-03-04')], chartType: 'line' },
  );
  expect(Object.values(series)).toEqual([
    { [day(4)]: 1 },
    { [day(4)]: 2 },
    { [day(4)]: 3 },
    { [day(4)]: 1 },
  ]);
});

test.each([
  [
    [metric(play, { math: 'first_value' })],
    {},
    /^bookmark: the math "first_value" is not supported: use total, /,
  ],
  [[{ type: 'metric', id: 42 }], {}, /^bookmark: the saved metric 42 is not supported/],
  [
    [{ type: 'formula', definition: 'B +' }, metric(play)],
    {},
    /^bookmark: the formula "B \+" is not supported: character 4/,
  ],
  [
    [metric(play)],
    { time: [{ dateRangeType: 'never' }] },
    /^bookmark: the range "never" is not supported/,
  ],
  [[metric(play)], { time: [between('2024-03-05', '2024-03-04')] }, /it ends before it begins$/],
  [
    [metric(play)],
    { filter: [{ value: 'a', filterOperator: 'like' }] },
    /^bookmark: the operator "like" is not supported: use one of equals/,
  ],
  [
    [metric({ type: 'funnel', behaviors: [play], conversionWindowDuration: 368 })],
    {},
    /a conversion window of "368 day"/,
  ],
  [[metric({ type: 'funnel', behaviors: [] })], {}, /a funnel of 0 is not supported/],
  [[metric({ type: 'retention', behaviors: [play] })], {}, /give it two$/],
  [[], {}, /^bookmark: .*show/],
])('13 what is not supported is named: %j %j', async (show, sections, error) => {
  const [status, text] = await refused(show, sections);
  expect(text).toMatch(error);
  expect(status).toBe(400);
});
