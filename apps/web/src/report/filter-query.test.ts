import { describe, expect, it, test } from 'vitest';
import { filterSchema } from '@arbor/schema/query';
import { queryFilter } from './filter-query.ts';
import {
  filterSentence,
  isCompleteFilter,
  newFilter,
  withKind,
  withOperator,
  withPath,
  type FilterState,
} from './filter-state.ts';

const property = { scope: 'event', name: 'tags' } as const;
const text = (own: Partial<FilterState>): FilterState => ({
  property,
  kind: 'text',
  operator: 'equals',
  values: ['a'],
  ...own,
});

/** As the server reads it: what it would refuse fails here. */
const asked = (filter: FilterState) => {
  const query = queryFilter(filter);
  return query === null ? null : filterSchema.parse(query);
};

describe('a list', () => {
  const list = (own: Partial<FilterState>): FilterState => text({ kind: 'list', ...own });

  it('contains any, all or none of some values', () => {
    const values = ['a', 'b'];
    expect(asked(list({ operator: 'contains_any', values }))).toMatchObject({
      operator: 'equals',
      quantifier: 'any',
      values,
    });
    expect(asked(list({ operator: 'contains_none', values }))).toMatchObject({
      operator: 'does_not_equal',
      quantifier: 'any',
      values,
    });
    expect(asked(list({ operator: 'contains_all', values }))).toMatchObject({
      type: 'all',
      filters: [{ values: ['a'] }, { values: ['b'] }],
    });
  });

  it('is counted', () => {
    const size = { computed: { type: 'items', aggregate: 'size' } };
    expect(asked(list({ operator: 'is_empty', values: [] }))).toMatchObject({
      property: size,
      operator: 'equals',
      values: [0],
    });
    expect(asked(list({ operator: 'count_at_least', values: [3] }))).toMatchObject({
      property: size,
      operator: 'at_least',
      values: [3],
    });
  });
});

describe('a date', () => {
  it('lies in the last so many units, a month of days at first', () => {
    const filter = newFilter({ scope: 'person', name: 'born', types: ['date'], count: 1 });
    expect(asked(filter)).toMatchObject({ operator: 'was_in_last', values: [30], unit: 'day' });
    expect(filterSentence(filter)).toBe('born in the last 30 days');
  });

  it('keeps no number of units where days are named', () => {
    const filter = newFilter({ scope: 'person', name: 'born', types: ['date'], count: 1 });
    const day = withOperator(filter, 'was_between');
    expect(day).toMatchObject({ values: [] });
    expect(day.unit).toBeUndefined();
    expect(asked({ ...day, values: ['2026-01-01', ''] })).toBeNull();
    expect(asked({ ...day, values: ['2026-01-01', '2026-01-31'] })).toMatchObject({
      operator: 'was_between',
    });
  });
});

describe('"(not set)" among the values', () => {
  it('is one more of them, and alone it is a filter', () => {
    expect(asked(text({ notSet: true }))).toMatchObject({
      type: 'any',
      filters: [{ operator: 'equals', values: ['a'] }, { operator: 'is_not_set' }],
    });
    expect(asked(text({ values: [], notSet: true }))).toMatchObject({ operator: 'is_not_set' });
  });

  it('is left out by "is not", which passes what is missing otherwise', () => {
    const filter = text({ operator: 'does_not_equal', notSet: true });
    expect(asked(filter)).toMatchObject({
      type: 'all',
      filters: [{ operator: 'does_not_equal', values: ['a'] }, { operator: 'is_set' }],
    });
    expect(filterSentence(filter)).toBe('tags is not a or (not set)');
  });

  it('is not the empty text', () => {
    expect(asked(text({ values: [''] }))).toMatchObject({ operator: 'equals', values: [''] });
  });
});

describe('a pattern', () => {
  const expressionOf = (filter: FilterState): unknown => {
    const query = asked(filter);
    const { computed } = query?.type === 'property' ? query.property : {};
    return computed?.type === 'formula' ? computed.expression : null;
  };

  it('is one of the formula language, with quotes and backslashes escaped', () => {
    const filter = text({ operator: 'matches', values: [String.raw`^"\d+`] });
    expect(expressionOf(filter)).toContain(String.raw`regex_match(properties["tags"], "^\"\\d+")`);
  });

  it('fits a text, or any item of a list', () => {
    const filter = text({ operator: 'matches', values: ['x'] });
    expect(expressionOf(filter)).toBe(
      '(regex_match(properties["tags"], "x") or any(item, properties["tags"], regex_match(item, "x")))',
    );
  });

  it('may heed case', () => {
    const filter = text({ operator: 'matches', values: ['x'], caseSensitive: true });
    expect(expressionOf(filter)).toContain('regex_match(item, "(?-i)x")');
  });

  it('turned around passes what is missing, as the other negative operators do', () => {
    const filter = text({ operator: 'does_not_match', values: ['x'] });
    expect(expressionOf(filter)).toBe(
      'not (regex_match(properties["tags"], "x") or any(item, properties["tags"], regex_match(item, "x")))',
    );
  });

  it('looks inside of objects', () => {
    const filter = text({ operator: 'matches', values: ['x'] });
    const inside = { ...filter, property: { ...property, path: ['a', 'b'] } };
    expect(expressionOf(inside)).toContain('regex_match(properties["tags"]["a"]["b"], "x")');
  });

  it('fits what is read as a text without being one', () => {
    const filter = withKind(text({}), 'text', ['number']);
    const asText = { ...filter, operator: 'matches' as const, values: ['^5'] };
    expect(expressionOf(asText)).toBe('regex_match(string(properties["tags"]), "^5")');
  });

  it('is not needed for a text whose case matters', () => {
    const filter = text({ operator: 'starts_with', values: ['a.b'], caseSensitive: true });
    expect(asked(filter)).toMatchObject({
      operator: 'starts_with',
      values: ['a.b'],
      matchCase: true,
    });
    expect(asked({ ...filter, caseSensitive: false })).not.toHaveProperty('matchCase');
  });

  it('is left out while the server refuses it', () => {
    const filter = text({ operator: 'matches', values: ['('], problem: 'missing )' });
    expect(isCompleteFilter(filter)).toBe(false);
    expect(queryFilter(filter)).toBeNull();
    expect(withOperator(filter, 'contains').problem).toBeUndefined();
  });
});

test('another type than the property has is a cast', () => {
  expect(withKind(text({}), 'number', ['string']).property).toEqual({
    ...property,
    cast: 'number',
  });
  expect(withKind(text({}), 'number', ['string', 'number']).property).toEqual(property);
});

test('a path goes three keys deep, and none is the property itself', () => {
  expect(withPath(text({}), 'a. b .c.d').property).toEqual({ ...property, path: ['a', 'b', 'c'] });
  expect(withPath(withPath(text({}), 'a'), ' ').property).toEqual(property);
  expect(filterSentence(withPath(text({}), 'a.b'))).toBe('tags › a › b is');
});
