import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { querySchema } from '@arbor/schema/query';
import {
  breakdownsLabel,
  breakdownsSchema,
  bucketChoices,
  newBreakdown,
  parseEdges,
  queryBreakdowns,
  withSeveralBreakdowns,
  type BreakdownState,
} from './breakdown.ts';
import { newEventCondition } from './behaviour-state.ts';
import { segmentFilters, withoutSegment } from './segment-filter.ts';

const country: BreakdownState = { property: { scope: 'event', name: 'mp_country_code' } };
const amount: BreakdownState = {
  property: { scope: 'event', name: 'amount' },
  buckets: { type: 'even', min: 0, max: 100, size: 10 },
};
const cohorts: BreakdownState = { cohorts: ['c1'] };

describe('a link', () => {
  const schema = z.preprocess(
    withSeveralBreakdowns,
    z.object({ breakdowns: breakdownsSchema, chart: z.string() }),
  );

  it('of one breakdown is read as a list of it', () => {
    const property = { scope: 'event', name: 'plan' } as const;
    expect(schema.parse({ breakdown: property, chart: 'bar' })).toEqual({
      breakdowns: [{ property }],
      chart: 'bar',
    });
  });

  it('of none has none', () => {
    expect(schema.parse({ breakdown: null, chart: 'bar' }).breakdowns).toEqual([]);
    expect(schema.parse({ chart: 'bar' }).breakdowns).toEqual([]);
  });

  it('keeps every kind, in its order', () => {
    const breakdowns = [{ behaviour: newEventCondition }, amount, cohorts, country];
    expect(schema.parse({ breakdowns, chart: 'bar' }).breakdowns).toEqual(breakdowns);
  });
});

describe('queryBreakdowns', () => {
  it('asks for combinations in the order of the list, without what is not complete', () => {
    const asked = queryBreakdowns([
      country,
      { cohorts: [] },
      { property: amount.property, buckets: { type: 'even', min: 5, max: 5, size: 1 } },
      { behaviour: newEventCondition },
      cohorts,
    ]);
    expect(asked).toEqual([country, { type: 'cohort', cohorts: [{ type: 'saved', id: 'c1' }] }]);
  });

  it('asks who did something as a cohort of its own', () => {
    const breakdowns = queryBreakdowns([
      { behaviour: { ...newEventCondition, event: 'Order completed' } },
    ]);
    expect(breakdowns).toMatchObject([
      {
        type: 'cohort',
        cohorts: [
          {
            type: 'conditions',
            name: 'Did Order completed in the last 30 days',
            filters: [{ type: 'behavior' }],
          },
        ],
      },
    ]);
    const range = { from: '2026-03-01', to: '2026-03-07' };
    const metric = { selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } };
    expect(
      querySchema.safeParse({ type: 'insights', range, metrics: [metric], breakdowns }).success,
    ).toBe(true);
  });
});

test('the title names what can be asked', () => {
  expect(breakdownsLabel([country, amount, { cohorts: [] }])).toBe('Country and amount');
  expect(breakdownsLabel([{ cohorts: [] }])).toBeNull();
});

describe('bucketChoices', () => {
  it('offers ranges of numbers and units of dates, and keeps what a link has chosen', () => {
    const of = (types: Parameters<typeof bucketChoices>[0]): readonly string[] =>
      bucketChoices(types, undefined).map(({ value }) => value);
    expect(of(['string'])).toEqual(['exact']);
    expect(of(['number', 'string'])).toEqual(['exact', 'auto', 'even', 'varied']);
    expect(of(['date'])).toContain('day_of_week');
    const kept = bucketChoices([], { type: 'date', unit: 'hour' });
    expect(kept.map(({ value }) => value)).toContain('hour');
  });

  it('begins with days for dates: every instant is a value of its own', () => {
    const property = { scope: 'event', name: 'born' } as const;
    expect(newBreakdown({ ...property, types: ['null', 'date'] })).toEqual({
      property,
      buckets: { type: 'date', unit: 'day' },
    });
    expect(newBreakdown({ ...property, types: ['string', 'date'] })).toEqual({ property });
  });
});

test('edges are different numbers in order', () => {
  expect(parseEdges('100; 10, 10 -5')).toEqual([-5, 10, 100]);
  expect(parseEdges('10, ten')).toBeNull();
  expect(parseEdges('')).toBeNull();
  expect(parseEdges('1 2 3 4 5 6 7 8 9 10 11')).toBeNull();
});

describe('the filters of a combined segment', () => {
  const segment = {
    type: 'combination' as const,
    text: 'DE, 10 – 20, In Buyers',
    parts: [
      { type: 'string' as const, text: 'DE' },
      { type: 'range' as const, text: '10 – 20' },
      { type: 'not_in' as const, text: 'Not in Buyers' },
    ],
  };

  it('are those of its parts', () => {
    expect(segmentFilters([country, { cohorts: [] }, amount, cohorts], segment)).toEqual([
      { property: country.property, kind: 'text', operator: 'equals', values: ['DE'] },
      { property: amount.property, kind: 'number', operator: 'at_least', values: [10] },
      { property: amount.property, kind: 'number', operator: 'less_than', values: [20] },
      { cohort: { operator: 'not_in', id: 'c1' } },
    ]);
  });

  it('know ranges that are open at one end', () => {
    const range = (text: string) => segmentFilters([amount], { type: 'range', text });
    expect(range('< -5')).toMatchObject([{ operator: 'less_than', values: [-5] }]);
    expect(range('≥ 100')).toMatchObject([{ operator: 'at_least', values: [100] }]);
  });

  it('are none where a part is no value', () => {
    const group = { type: 'group' as const, text: 'Europe' };
    expect(segmentFilters([country], group)).toBeNull();
    expect(segmentFilters([{ cohorts: ['c1', 'c2'] }], { type: 'in', text: 'In A' })).toBeNull();
  });

  it('leave a cohort out by the contrary', () => {
    expect(withoutSegment([cohorts], { type: 'in', text: 'In Buyers' })).toEqual({
      cohort: { operator: 'not_in', id: 'c1' },
    });
  });

  it('leave out who did something often by nothing: never is not the contrary', () => {
    const once = { ...newEventCondition, event: 'Paid' };
    const often = { ...once, times: 3 };
    expect(withoutSegment([{ behaviour: once }], { type: 'in', text: 'Paid' })).toEqual({
      behaviour: { ...once, did: false },
    });
    expect(segmentFilters([{ behaviour: often }], { type: 'in', text: 'Paid' })).toHaveLength(1);
    expect(withoutSegment([{ behaviour: often }], { type: 'in', text: 'Paid' })).toBeNull();
    expect(segmentFilters([{ behaviour: often }], { type: 'not_in', text: 'Paid' })).toBeNull();
  });
});
