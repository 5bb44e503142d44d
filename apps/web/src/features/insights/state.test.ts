import { describe, expect, it } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { decodeState, encodeState } from '#report/url-state.ts';
import {
  askedMetrics,
  initialState,
  insightsQuery,
  insightsStateSchema,
  leftOut,
  metricLabel,
  reportTitle,
  unitsFor,
  type InsightsState,
} from './state.ts';

const now = Date.UTC(2026, 2, 30, 12);

const state: InsightsState = {
  ...initialState,
  range: { from: '2026-03-01', to: '2026-03-07' },
  metrics: [
    { event: 'Order completed', filters: [], measure: { type: 'total' } },
    { event: 'Order completed', filters: [], measure: { type: 'sum' } },
    {
      event: null,
      filters: [],
      measure: { type: 'percentile', property: { scope: 'event', name: 'amount' }, percentile: 95 },
    },
  ],
  breakdowns: [{ property: { scope: 'person', name: 'plan' } }],
  filters: [
    {
      property: { scope: 'event', name: '$city' },
      kind: 'text',
      operator: 'equals',
      values: [],
    },
  ],
  selected: ['0:string:pro'],
};

describe('the URL', () => {
  it('holds the whole state', () => {
    expect(decodeState(insightsStateSchema, encodeState(state))).toEqual(state);
  });

  it('gives nothing for what is not a state', () => {
    expect(decodeState(insightsStateSchema, '{"range":1}')).toBeNull();
    expect(decodeState(insightsStateSchema, 'x')).toBeNull();
  });
});

describe('insightsQuery', () => {
  it('leaves out metrics without their property and filters without a value', () => {
    const query = insightsQuery(state, 'UTC', now);
    expect(query).toMatchObject({
      metrics: [
        { measure: { type: 'total' } },
        { measure: { type: 'percentile', percentile: 95 } },
      ],
      filters: [],
      breakdowns: [{ property: { scope: 'person', name: 'plan' } }],
      unit: 'day',
    });
    expect(leftOut(state)).toEqual({ filters: 1, metrics: 1, formulas: 0 });
    expect(askedMetrics(state).map(({ position }) => position)).toEqual([0, 2]);
  });

  it('offers minutes of some days, and no more than a page can draw', () => {
    expect(unitsFor({ from: '2026-03-01', to: '2026-03-04' })).toContain('minute');
    expect(unitsFor({ from: '2026-03-01', to: '2026-03-05' })).not.toContain('minute');
  });

  it('is what the server accepts', () => {
    const compared: InsightsState = {
      ...state,
      compare: { type: 'past', period: 'previous_period' },
      formulas: [
        { expression: 'A / C', name: '' },
        { expression: 'A / B', name: 'reads a metric that is not complete' },
      ],
    };
    const query = insightsQuery(compared, 'UTC', now);
    expect(querySchema.safeParse(query).success).toBe(true);
    expect(query?.formulas).toEqual([{ expression: 'A / B', name: 'A / C' }]);
    expect(leftOut(compared).formulas).toBe(1);
    expect(querySchema.safeParse(insightsQuery(state, 'UTC', now)).success).toBe(true);
    expect(querySchema.safeParse(insightsQuery(initialState, 'UTC', now)).success).toBe(true);
  });

  it('does not change with chart, selection and sort, so they cause no query', () => {
    const drawnOtherwise: InsightsState = {
      ...state,
      chart: 'bar',
      selected: null,
      sort: { column: 'total', descending: true },
    };
    expect(insightsQuery(drawnOtherwise, 'UTC', now)).toEqual(insightsQuery(state, 'UTC', now));
  });

  it('is null while nothing can be asked', () => {
    const metrics: InsightsState['metrics'] = [{ filters: [], measure: { type: 'total' } }];
    expect(insightsQuery({ ...state, metrics }, 'UTC', now)).toBeNull();
  });
});

describe('names', () => {
  it('say what is measured', () => {
    expect(state.metrics.map(metricLabel)).toEqual([
      'Order completed, total',
      'Order completed, sum',
      'Any event, p95 of amount',
    ]);
    expect(metricLabel({ event: null, filters: [], measure: { type: 'dau' } })).toBe(
      'Any event, DAU',
    );
  });

  it('name a report by what it asks', () => {
    expect(reportTitle(initialState)).toBe('Any event, total');
    expect(
      reportTitle({
        ...initialState,
        breakdowns: [{ property: { scope: 'event', name: 'mp_country_code' } }],
      }),
    ).toBe('Any event, total, by Country');
  });
});
