import { describe, expect, it } from 'vitest';
import {
  eventStateSchema,
  filterSentence,
  incompleteCount,
  isComplete,
  kindsOf,
  newFilter,
  parseNumbers,
  queryFilters,
  querySelector,
  withKind,
  withOperator,
  type FilterState,
} from './question.ts';

const country: FilterState = {
  property: { scope: 'event', name: 'mp_country_code' },
  kind: 'text',
  operator: 'equals',
  values: ['DE', 'FR'],
};
const amount: FilterState = {
  property: { scope: 'event', name: 'amount' },
  kind: 'number',
  operator: 'between',
  values: [10],
};

describe('filters', () => {
  it('begin with the first operator of the type the property mostly has', () => {
    expect(
      newFilter({ scope: 'event', name: 'amount', types: ['number', 'string'], count: 1 }),
    ).toEqual({
      property: { scope: 'event', name: 'amount' },
      kind: 'number',
      operator: 'equals',
      values: [],
    });
    expect(newFilter({ scope: 'person', name: 'x', types: ['null'], count: 1 }).kind).toBe('text');
  });

  it('read dates, lists and objects as text, once', () => {
    expect(kindsOf(['date', 'string', 'boolean', 'null'])).toEqual(['text', 'boolean']);
  });

  it('are left out of the query while a value is missing, and counted', () => {
    expect(isComplete(amount)).toBe(false);
    expect(queryFilters([country, amount])).toEqual([
      {
        type: 'property',
        property: { scope: 'event', name: 'mp_country_code' },
        operator: 'equals',
        values: ['DE', 'FR'],
      },
    ]);
    expect(incompleteCount([country], [amount])).toBe(1);
  });

  it('keep what another operator can take', () => {
    expect(withOperator(country, 'contains').values).toEqual(['DE']);
    expect(withOperator(country, 'is_set').values).toEqual([]);
    expect(withKind(country, 'number')).toMatchObject({ operator: 'equals', values: [] });
  });

  it('accept the empty string as a value of "is" but not of "contains"', () => {
    expect(isComplete({ ...country, values: [''] })).toBe(true);
    expect(isComplete({ ...country, operator: 'contains', values: [''] })).toBe(false);
  });

  it('can be read as a sentence', () => {
    expect(filterSentence(country)).toBe('Country is DE or FR');
    expect(filterSentence({ ...amount, values: [10, 20] })).toBe('amount between 10 and 20');
    expect(filterSentence({ ...country, operator: 'is_not_set', values: [] })).toBe(
      'Country is not set',
    );
  });
});

describe('parseNumbers', () => {
  it('takes several, and refuses what is no number', () => {
    expect(parseNumbers('1, 2.5;-3')).toEqual([1, 2.5, -3]);
    expect(parseNumbers('')).toEqual([]);
    expect(parseNumbers('12 apples')).toBeNull();
  });
});

describe('querySelector', () => {
  it('is null until an event was chosen; null is any event', () => {
    expect(querySelector({ filters: [] })).toBeNull();
    expect(querySelector({ event: null, filters: [] })).toEqual({
      anyOf: [{ event: null, filters: [] }],
    });
  });
});

describe('a cohort as filter', () => {
  it('is asked once it is chosen, and is incomplete before', () => {
    const chosen = { cohort: { operator: 'not_in' as const, id: 'c1' } };
    const open = { cohort: { operator: 'in' as const } };
    expect(queryFilters([open, chosen])).toEqual([
      { type: 'cohort', operator: 'not_in', cohorts: [{ type: 'saved', id: 'c1' }] },
    ]);
    expect(incompleteCount([open, chosen])).toBe(1);
  });

  it('is read back from a link beside filters of properties', () => {
    const filters = [
      { cohort: { operator: 'in', id: 'c1' } },
      { property: { scope: 'event', name: 'a' }, kind: 'text', operator: 'is_set', values: [] },
    ];
    expect(eventStateSchema.parse({ event: null, filters })).toEqual({ event: null, filters });
  });
});
