import { expect, test } from 'vitest';
import type { Filter, FilterOperator, FilterValue } from '@arbor/schema/query';
import { plainScope } from '../../../test/model/plain-scope.ts';
import { planFilters } from './filters.ts';

const scope = plainScope();

function filter(operator: FilterOperator, ...values: FilterValue[]): Filter {
  return { type: 'property', property: { scope: 'event', name: 'price' }, operator, values };
}

test('folds the case of operators that ignore it, and of no other', () => {
  const plans = planFilters([filter('contains', 'ABC', 5), filter('equals', 'ABC', 5)], scope);
  expect(plans).toMatchObject([{ values: ['abc', '5'] }, { values: ['ABC', 5] }]);
});

test('keeps the case of texts where it matters, and refuses that where it always does', () => {
  const cased = { ...filter('contains', 'ABC', 5), matchCase: true } as Filter;
  expect(planFilters([cased], scope)).toMatchObject([{ values: ['ABC', '5'], matchCase: true }]);
  const { matchCase } = planFilters([{ ...cased, matchCase: false } as Filter], scope)[0] as {
    matchCase?: true;
  };
  expect(matchCase).toBeUndefined();
  expect(() =>
    planFilters([{ ...filter('equals', 'ABC'), matchCase: true } as Filter], scope),
  ).toThrow('filter on "price": equals takes no matchCase: leave it out');
});

test('drops values that an operator does not take', () => {
  expect(planFilters([filter('is_set', 'x')], scope)).toMatchObject([{ values: [] }]);
});

test.each([
  [filter('equals'), 'filter on "price": equals needs a value'],
  [filter('less_than', '5'), 'filter on "price": less than takes one number, not ["5"]'],
  [filter('less_than', 5, 6), 'filter on "price": less than takes one number, not [5,6]'],
  [filter('between', 5), 'filter on "price": between takes two numbers, low and high, not [5]'],
  [
    { type: 'any' as const, filters: [] },
    'a group of filters of which any must pass is empty: add one or remove it',
  ],
])('refuses %j', (given, message) => {
  const nested: Filter = { type: 'all', filters: [given] };
  for (const one of [given, nested]) {
    expect(() => planFilters([one], scope)).toThrow(
      expect.objectContaining({ code: 'INVALID_QUERY', message }),
    );
  }
});

test('refuses filters that are nested too deeply', () => {
  const nested = (depth: number): Filter =>
    depth === 1 ? filter('is_set') : { type: 'any', filters: [nested(depth - 1)] };
  expect(planFilters([nested(32)], scope)).toHaveLength(1);
  expect(() => planFilters([nested(33)], scope)).toThrow(
    'filters are nested more than 32 deep: put them side by side',
  );
});
