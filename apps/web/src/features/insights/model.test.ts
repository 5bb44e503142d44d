import { describe, expect, it } from 'vitest';
import type { InsightsResult, Segment } from '@arbor/schema/result';
import {
  chartEntries,
  daysOf,
  defaultDrawnMax,
  formatOf,
  foundRows,
  insightsCsv,
  insightsView,
} from './model.ts';
import { newMetric, type AskedMetric } from './state.ts';

const text = (value: string): Segment => ({ type: 'string', text: value });
const buckets = ['01', '02'].map((day) => ({
  start: `2026-03-${day}T00:00:00+01:00`,
  startMs: 0,
  endMs: 1,
  incomplete: day === '02',
}));
const plain = { formulas: [], compare: null, breakdowns: [] } as const;
const total: AskedMetric = { position: 0, metric: newMetric };
const unique: AskedMetric = { position: 2, metric: { ...newMetric, measure: { type: 'unique' } } };

const broken: InsightsResult = {
  type: 'insights',
  buckets,
  series: [
    { metric: 0, segment: null, values: [30, 12], total: 42 },
    { metric: 0, segment: text('Germany'), values: [20, 2], total: 22 },
    { metric: 0, segment: { type: 'not_set', text: '' }, values: [10, null], total: 20 },
  ],
  segmentCounts: [40],
};

describe('insightsView', () => {
  it('draws segments but not the overall row, and says how many there are', () => {
    const view = insightsView({
      result: broken,
      metrics: [total],
      selected: null,
      ...plain,
      unit: 'day',
    });
    expect(view.rows.map(({ name, drawn }) => [name, drawn])).toEqual([
      ['Any event, total, overall', false],
      ['Germany', true],
      ['(not set)', true],
    ]);
    expect(view.segmentCount).toBe(40);
    expect(view.buckets[1]).toEqual({ label: '2 Mar', title: 'Mon 2 Mar 2026', incomplete: true });
  });

  it('keeps the letter of the builder when a metric before it is incomplete', () => {
    const result: InsightsResult = {
      type: 'insights',
      buckets,
      series: [
        { metric: 0, segment: null, values: [1, 2], total: 3 },
        { metric: 1, segment: null, values: [1, 1], total: 1 },
      ],
      segmentCounts: [0, 0],
    };
    const view = insightsView({
      result,
      metrics: [total, unique],
      selected: null,
      ...plain,
      unit: 'day',
    });
    expect(view.rows.map(({ letter, name }) => `${letter} ${name}`)).toEqual([
      'A Any event, total',
      'C Any event, unique users',
    ]);
    expect(view.rows[1]?.total).toBe(1);
    expect(view.rows.map(({ additive }) => additive)).toEqual([true, false]);
  });

  it('draws exactly what was selected', () => {
    const view = insightsView({
      result: broken,
      metrics: [total],
      selected: ['0:not_set:'],
      ...plain,
      unit: 'day',
    });
    expect(view.rows.filter((row) => row.drawn).map((row) => row.segment)).toEqual(['(not set)']);
  });

  it('draws the twelve largest segments by default', () => {
    const result: InsightsResult = {
      ...broken,
      series: Array.from({ length: 30 }, (_, i) => ({
        metric: 0,
        segment: text(`s${i}`),
        values: [1, 1],
        total: 2,
      })),
    };
    const view = insightsView({ result, metrics: [total], selected: null, ...plain, unit: 'day' });
    expect(view.rows.filter((row) => row.drawn).map((row) => row.segment)).toEqual(
      Array.from({ length: defaultDrawnMax }, (_, i) => `s${i}`),
    );
  });

  it('leaves missing values out of the average', () => {
    const view = insightsView({
      result: broken,
      metrics: [total],
      selected: null,
      ...plain,
      unit: 'day',
    });
    expect(view.rows[2]?.average).toBe(10);
  });

  it('is empty when every value is zero or missing', () => {
    const result: InsightsResult = {
      ...broken,
      series: [{ metric: 0, segment: null, values: [0, null], total: 0 }],
    };
    const input = { metrics: [total], selected: null, ...plain, unit: 'day' } as const;
    expect(insightsView({ result, ...input }).empty).toBe(true);
    expect(insightsView({ result: broken, ...input }).empty).toBe(false);
  });
});

describe('a comparison', () => {
  const input = {
    metrics: [total],
    selected: null,
    formulas: [],
    breakdowns: [],
    unit: 'day',
  } as const;
  const compared: InsightsResult = {
    ...broken,
    comparison: {
      buckets: buckets.map((bucket) => ({ ...bucket, start: '2026-02-27T00:00:00+01:00' })),
      series: [
        { metric: 0, segment: null, values: [15, 24], total: 39 },
        { metric: 0, segment: text('Germany'), values: [10, 1], total: 11 },
      ],
    },
  };

  it('with the past lays the same segment of then beside each, where there was one', () => {
    const compare = { type: 'past', period: 'previous_period' } as const;
    const view = insightsView({ ...input, result: compared, compare });
    expect(view.rows.map(({ past }) => past?.total ?? null)).toEqual([39, 11, null]);
    expect(view.pastBuckets?.[0]?.title).toBe('Fri 27 Feb 2026');
    expect(insightsCsv(view)[2]).toEqual(['Any event, total', 'Germany', 22, 11, 20, 2, 10, 1]);
    const [, germany] = chartEntries(view, view.rows);
    expect(germany).toMatchObject({ past: [10, 1], note: 'up 100.0\u00a0%, before 11' });
  });

  it('with a segment gives each value as a share of its, or what it is more', () => {
    const against = { type: 'segment', key: 'string:Germany', name: 'Germany' } as const;
    const shares = insightsView({
      ...input,
      result: broken,
      compare: { ...against, as: 'percent' },
    });
    expect(shares.rows.map(({ values }) => values)).toEqual([
      [1.5, 6],
      [1, 1],
      [0.5, null],
    ]);
    expect(shares.isPercent).toBe(true);
    const more = insightsView({
      ...input,
      result: broken,
      compare: { ...against, as: 'difference' },
    });
    expect(more.rows.map(({ total: all }) => all)).toEqual([20, 0, -2]);
  });

  it('with all together gives the share of the whole', () => {
    const compare = { type: 'overall', as: 'percent' } as const;
    const view = insightsView({ ...input, result: broken, compare });
    expect(view.rows.map((row) => formatOf(view)(row.total))).toEqual([
      '100.0\u00a0%',
      '52.4\u00a0%',
      '47.6\u00a0%',
    ]);
  });
});

describe('daysOf', () => {
  const starts = ['2026-03-02', '2026-03-09', '2026-03-16'];
  it('ends on the day before the next bucket, and with the range', () => {
    expect(daysOf({ starts }, { from: 0, to: 1, end: '2026-03-20' })).toEqual({
      from: '2026-03-02',
      to: '2026-03-15',
    });
    expect(daysOf({ starts }, { from: 1, to: 2, end: '2026-03-20' })?.to).toBe('2026-03-20');
  });

  it('is the whole day of hours', () => {
    const hours = { starts: ['2026-03-02', '2026-03-02', '2026-03-03'] };
    const end = '2026-03-03';
    expect(daysOf(hours, { from: 0, to: 0, end })).toEqual({
      from: '2026-03-02',
      to: '2026-03-02',
    });
    expect(daysOf(hours, { from: 0, to: 1, end })?.to).toBe('2026-03-02');
  });
});

describe('a formula', () => {
  it('is a row after the metrics, with those it reads', () => {
    const result: InsightsResult = {
      type: 'insights',
      buckets,
      series: [
        { metric: 0, segment: null, values: [1, 2], total: 3 },
        { metric: 1, segment: null, values: [0.5, null], total: 0.5 },
      ],
      segmentCounts: [0],
    };
    const formulas = [{ expression: 'A / 2', name: 'Half', operands: [0] }];
    const view = insightsView({
      result,
      metrics: [total],
      formulas,
      compare: null,
      breakdowns: [],
      selected: null,
      unit: 'day',
    });
    expect(view.rows[1]).toMatchObject({
      letter: 'ƒ',
      metric: 'Half',
      operands: [0],
      counts: null,
    });
  });
});

describe('insightsCsv', () => {
  it('has all rows and buckets, also those that are not drawn', () => {
    const view = insightsView({
      result: broken,
      metrics: [total],
      selected: [],
      ...plain,
      unit: 'day',
    });
    expect(insightsCsv(view)).toEqual([
      ['Metric', 'Segment', 'Total over range', 'Sun 1 Mar 2026', 'Mon 2 Mar 2026'],
      ['Any event, total', 'Overall', 42, 30, 12],
      ['Any event, total', 'Germany', 22, 20, 2],
      ['Any event, total', '(not set)', 20, 10, null],
    ]);
  });
});

describe('foundRows', () => {
  it('finds segments by their names, keeps the row over all, and all rows without a search', () => {
    const view = insightsView({
      result: broken,
      metrics: [total],
      selected: null,
      ...plain,
      unit: 'day',
    });
    const names = (search: string) => foundRows(view, search).map(({ segment }) => segment);
    expect(names(' GERM ')).toEqual([null, 'Germany']);
    expect(names('nobody')).toEqual([null]);
    expect(names(' ')).toEqual([null, 'Germany', '(not set)']);
  });
});
