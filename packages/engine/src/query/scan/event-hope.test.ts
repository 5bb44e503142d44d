import { describe, expect, test } from 'vitest';
import type { FilterInput, QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import type { PropertyValue } from '@arbor/schema/property-value';
import { planQuery } from '../plan/plan.ts';
import type { FilterPlan } from '../plan/plan-types.ts';
import { wholeDay } from './day-span.ts';
import { eventHope, type EventOutline, isBarren, rowFilters } from './event-hope.ts';
import { judgeDictionary } from './verdict-cache.ts';

type Operator =
  'greater_than' | 'at_most' | 'equals' | 'does_not_equal' | 'is_set' | 'is_not_set' | 'contains';

const filter = (
  name: string,
  operator: Operator,
  values: (string | number)[] = [1],
  scope: 'event' | 'person' = 'event',
): FilterInput => ({ type: 'property', property: { scope, name }, operator, values });
const any = (...filters: FilterInput[]): FilterInput => ({ type: 'any', filters });
const all = (...filters: FilterInput[]): FilterInput => ({ type: 'all', filters });

/** What rows of the event A decide of the filters; null = no row passes. */
function ofRows(...filters: FilterInput[]): readonly FilterPlan[] | null {
  const query: QueryInput = {
    type: 'insights',
    range: { from: '2024-03-01', to: '2024-03-01' },
    filters,
    metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
  };
  const context = { timezone: 'UTC', weekStart: 1, nowMs: 0 };
  const plan = planQuery(querySchema.parse(query), context);
  return plan.type === 'insights' ? rowFilters(plan.filters, 'A') : null;
}

function hopeOf(...kinds: FilterInput[][]) {
  return eventHope(kinds.map((filters) => ({ span: wholeDay, filters: ofRows(...filters) ?? [] })));
}

const hourMs = 3_600_000;

/** One property `p` with these values, those of codes codeMin … codeMax in the rows. */
function outline(
  values: readonly PropertyValue[],
  { codeMin = 1, codeMax = values.length, isInEachRow = true, times = [0] } = {},
): EventOutline {
  const hourCounts = new Uint32Array(24);
  for (const time of times) hourCounts[Math.floor(time / hourMs)]++;
  const dictionary = {
    values: [null, ...values],
    numbers: Float64Array.from([null, ...values], (value) =>
      typeof value === 'number' ? value : NaN,
    ),
  };
  const verdicts = (own: Parameters<typeof judgeDictionary>[0]) => judgeDictionary(own, dictionary);
  return {
    firstTime: Math.min(...times),
    lastTime: Math.max(...times),
    hourCounts,
    property: (name) => (name === 'p' ? { isInEachRow, codeMin, codeMax, verdicts } : undefined),
  };
}

const isBarrenOf = (filters: FilterInput[], rows: EventOutline): boolean | undefined => {
  const hope = hopeOf(filters);
  return hope === null ? undefined : isBarren(hope, rows);
};

describe('an event has no row that matters', () => {
  test('where no value of the dictionary passes', () => {
    expect(isBarrenOf([filter('p', 'equals', ['x'])], outline(['a', 'b']))).toBe(true);
    expect(isBarrenOf([filter('p', 'equals', ['b'])], outline(['a', 'b']))).toBe(false);
    expect(isBarrenOf([filter('p', 'contains', ['B'])], outline(['a', 'b']))).toBe(false);
  });

  test('where what passes lies outside of its least and greatest code', () => {
    const numbers = outline([1, 5, 9, 20], { codeMin: 2, codeMax: 3 });
    expect(isBarrenOf([filter('p', 'greater_than', [9])], numbers)).toBe(true);
    expect(isBarrenOf([filter('p', 'greater_than', [8])], numbers)).toBe(false);
    expect(isBarrenOf([filter('p', 'at_most', [4])], numbers)).toBe(true);
    expect(isBarrenOf([filter('p', 'at_most', [5])], numbers)).toBe(false);
  });

  test('unless a missing value passes and some row lacks the property', () => {
    const [some, every] = [outline(['x'], { isInEachRow: false }), outline(['x'])];
    for (const operator of ['does_not_equal', 'is_not_set'] as const) {
      expect(isBarrenOf([filter('p', operator, ['x'])], some)).toBe(false);
      expect(isBarrenOf([filter('p', operator, ['x'])], every)).toBe(true);
      expect(isBarrenOf([filter('q', operator, ['x'])], every)).toBe(false);
    }
    expect(isBarrenOf([filter('p', 'is_set')], some)).toBe(false);
    expect(isBarrenOf([filter('q', 'is_set')], every)).toBe(true);
  });

  test('where one of all filters, or each of any, can be passed by none', () => {
    const rows = outline(['x']);
    const [is, isNot] = [filter('p', 'equals', ['x']), filter('p', 'equals', ['y'])];
    expect(isBarrenOf([is, isNot], rows)).toBe(true);
    expect(isBarrenOf([all(is, isNot)], rows)).toBe(true);
    expect(isBarrenOf([any(is, isNot)], rows)).toBe(false);
    expect(isBarrenOf([any(isNot, isNot)], rows)).toBe(true);
  });

  test('where none of the kinds of rows is there', () => {
    const hope = hopeOf([filter('p', 'equals', ['y'])], [filter('p', 'equals', ['x'])]);
    expect(hope && isBarren(hope, outline(['x']))).toBe(false);
    expect(hope && isBarren(hope, outline(['z']))).toBe(true);
  });

  test('where none of its rows lies in the span', () => {
    const within = (fromMs: number, toMs: number, times: number[]) => {
      const hope = eventHope([{ span: { fromMs, toMs, whole: false }, filters: [] }]);
      return hope && isBarren(hope, outline([], { times }));
    };
    expect(within(2000, 3000, [0, 1999])).toBe(true);
    expect(within(2000, 3000, [0, 2000])).toBe(false);
    expect(within(0, 2000, [2000])).toBe(true);
    expect(within(0, 2000, [1999])).toBe(false);
    // Nobody did it in the hours between.
    expect(within(5 * hourMs, 7 * hourMs, [0, 7 * hourMs])).toBe(true);
    expect(within(5 * hourMs, 7 * hourMs + 1, [0, 7 * hourMs])).toBe(false);
    expect(within(4.5 * hourMs, 7 * hourMs, [0, 4 * hourMs, 9 * hourMs])).toBe(false);
  });

  test('a dictionary that is too large to be looked through says nothing', () => {
    const rows = outline(['x']);
    const large: EventOutline = {
      ...rows,
      property: () => ({ isInEachRow: true, codeMin: 1, codeMax: 9, verdicts: () => null }),
    };
    expect(isBarrenOf([filter('p', 'equals', ['y'])], large)).toBe(false);
  });
});

describe('what rows decide of filters', () => {
  test('is not what persons have, nor whose rows they are', () => {
    expect(ofRows(filter('plan', 'equals', ['x'], 'person'))).toEqual([]);
    expect(ofRows(filter('$distinct_id', 'equals', ['x']))).toEqual([]);
    const open = any(filter('p', 'equals', ['x']), filter('plan', 'equals', ['x'], 'person'));
    expect(ofRows(open)).toEqual([]);
    const both = all(filter('p', 'equals', ['x']), filter('plan', 'equals', ['x'], 'person'));
    expect(ofRows(both)).toHaveLength(1);
  });

  test('is not their name, which is known', () => {
    expect(ofRows(filter('$event_name', 'equals', ['A']))).toEqual([]);
    expect(ofRows(filter('$event_name', 'equals', ['B']))).toBeNull();
    expect(ofRows(filter('$event_name', 'does_not_equal', ['A']))).toBeNull();
    const either = any(filter('$event_name', 'equals', ['B']), filter('p', 'equals', ['x']));
    expect(ofRows(either)).toMatchObject([{ type: 'any', filters: [{ operator: 'equals' }] }]);
  });
});

describe('a hope', () => {
  test('has the key of another one that hopes for the same', () => {
    const [x, y] = [filter('p', 'equals', ['x']), filter('p', 'equals', ['y'])];
    expect(hopeOf([x])?.key).toBe(hopeOf([x], [x])?.key);
    expect(hopeOf([x])?.key).not.toBe(hopeOf([y])?.key);
    const long = filter('p', 'equals', ['x'.repeat(1000)]);
    expect(hopeOf([long])?.key.length).toBeLessThan(100);
  });

  test('is none where every row matters, or too many kinds of rows do', () => {
    const of = (value: number): FilterInput[] => [filter('p', 'equals', [value])];
    expect(hopeOf(of(1), [])).toBeNull();
    expect(hopeOf(...Array.from({ length: 16 }, (_, i) => of(i)))).not.toBeNull();
    expect(hopeOf(...Array.from({ length: 17 }, (_, i) => of(i)))).toBeNull();
  });

  test('requires a property that a missing value does not do for', () => {
    expect(hopeOf([filter('price', 'greater_than')])?.required).toEqual(['price']);
    expect(hopeOf([filter('price', 'does_not_equal')])?.required).toEqual([]);
    expect(hopeOf([filter('price', 'is_not_set')])?.required).toEqual([]);
  });

  test('requires what each kind of rows does, and each of any filters', () => {
    const [price, size] = [filter('price', 'greater_than'), filter('size', 'equals')];
    expect(hopeOf([price, size], [price])?.required).toEqual(['price']);
    expect(hopeOf([any(price, size)])?.required).toEqual([]);
    expect(hopeOf([any(all(price, size), size)])?.required).toEqual(['size']);
  });
});
