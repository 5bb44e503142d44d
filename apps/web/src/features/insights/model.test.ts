import { describe, expect, it } from 'vitest';
import type { InsightsResult, Segment } from '@arbor/schema/result';
import { defaultDrawnMax, insightsCsv, insightsView } from './model.ts';
import { newMetric, type AskedMetric } from './state.ts';

const text = (value: string): Segment => ({ type: 'string', text: value });
const buckets = ['01', '02'].map((day) => ({
  start: `2026-03-${day}T00:00:00+01:00`,
  startMs: 0,
  endMs: 1,
  incomplete: day === '02',
}));
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
    const view = insightsView({ result: broken, metrics: [total], selected: null, unit: 'day' });
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
    const view = insightsView({ result, metrics: [total, unique], selected: null, unit: 'day' });
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
    const view = insightsView({ result, metrics: [total], selected: null, unit: 'day' });
    expect(view.rows.filter((row) => row.drawn).map((row) => row.segment)).toEqual(
      Array.from({ length: defaultDrawnMax }, (_, i) => `s${i}`),
    );
  });

  it('leaves missing values out of the average', () => {
    const view = insightsView({ result: broken, metrics: [total], selected: null, unit: 'day' });
    expect(view.rows[2]?.average).toBe(10);
  });

  it('is empty when every value is zero or missing', () => {
    const result: InsightsResult = {
      ...broken,
      series: [{ metric: 0, segment: null, values: [0, null], total: 0 }],
    };
    const input = { metrics: [total], selected: null, unit: 'day' } as const;
    expect(insightsView({ result, ...input }).empty).toBe(true);
    expect(insightsView({ result: broken, ...input }).empty).toBe(false);
  });
});

describe('insightsCsv', () => {
  it('has all rows and buckets, also those that are not drawn', () => {
    const view = insightsView({ result: broken, metrics: [total], selected: [], unit: 'day' });
    expect(insightsCsv(view)).toEqual([
      ['Metric', 'Segment', 'Total over range', 'Sun 1 Mar 2026', 'Mon 2 Mar 2026'],
      ['Any event, total', 'Overall', 42, 30, 12],
      ['Any event, total', 'Germany', 22, 20, 2],
      ['Any event, total', '(not set)', 20, 10, null],
    ]);
  });
});
