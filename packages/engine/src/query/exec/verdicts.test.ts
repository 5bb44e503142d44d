import { expect, test } from 'vitest';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { FilterValue } from '@arbor/schema/query';
import type { PlanOperator } from '../plan/plan-types.ts';
import { verdictsByCode } from './verdicts.ts';

/** The values that pass; "missing" stands for code 0. */
function passing(
  operator: PlanOperator,
  values: FilterValue[],
  among: PropertyValue[],
  more: { readonly matchCase?: true; readonly quantifier?: 'all' } = {},
) {
  const property = { scope: 'event' as const, name: 'p' };
  const verdicts = verdictsByCode({ type: 'property', property, operator, values, ...more }, [
    null,
    ...among,
  ]);
  return ['missing', ...among].filter((_, code) => verdicts[code] === 1);
}

const mixed: PropertyValue[] = [
  null,
  'Pro',
  'pro',
  '',
  '5',
  5,
  -0,
  true,
  false,
  [],
  ['pro', 5],
  {},
];

test('equals is exact for texts, and a text reads numbers and booleans as text', () => {
  expect(passing('equals', ['pro', 'x'], mixed)).toEqual(['pro', ['pro', 5]]);
  expect(passing('equals', ['5'], mixed)).toEqual(['5', 5, ['pro', 5]]);
  expect(passing('equals', [5], mixed)).toEqual([5, ['pro', 5]]);
  expect(passing('equals', [true], mixed)).toEqual([true]);
  expect(passing('equals', ['true'], mixed)).toEqual([true]);
  expect(passing('equals', [''], mixed)).toEqual(['']);
});

test('negative operators pass where the property is missing', () => {
  expect(passing('does_not_equal', ['pro', 'Pro', '', 5, true], mixed)).toEqual([
    'missing',
    null,
    '5',
    -0,
    false,
    [],
    {},
  ]);
  expect(passing('does_not_contain', ['o'], [null, 'Pro', 7])).toEqual(['missing', null, 7]);
});

test('text operators ignore case', () => {
  expect(passing('contains', ['pr'], mixed)).toEqual(['Pro', 'pro', ['pro', 5]]);
  expect(passing('starts_with', ['p'], ['Pro', 'apro'])).toEqual(['Pro']);
  expect(passing('ends_with', ['o'], ['PRO', 'proa'])).toEqual(['PRO']);
});

test('text operators heed case where that is wanted, also in lists and of numbers', () => {
  const matchCase = { matchCase: true } as const;
  expect(passing('contains', ['pr'], [...mixed, ['Pro']], matchCase)).toEqual(['pro', ['pro', 5]]);
  expect(passing('contains', ['5', 'X'], mixed, matchCase)).toEqual(['5', 5, ['pro', 5]]);
  expect(passing('starts_with', ['P'], ['Pro', 'pro', ['a', 'P']], matchCase)).toEqual([
    'Pro',
    ['a', 'P'],
  ]);
  expect(passing('ends_with', ['O'], ['PRO', 'pro'], matchCase)).toEqual(['PRO']);
  expect(passing('does_not_contain', ['P'], [null, 'Pro', ['Pro'], ['pro']], matchCase)).toEqual([
    'missing',
    null,
    ['pro'],
  ]);
  const all = { ...matchCase, quantifier: 'all' } as const;
  expect(passing('contains', ['p'], [['pro', 'up'], ['pro', 'Pro'], []], all)).toEqual([
    ['pro', 'up'],
  ]);
});

test('number operators want numbers; ends of between are inside', () => {
  const numbers: PropertyValue[] = [1, 2, 3, '2', null, [9, 2]];
  expect(passing('greater_than', [2], numbers)).toEqual([3, [9, 2]]);
  expect(passing('less_than', [2], numbers)).toEqual([1]);
  expect(passing('at_least', [2], numbers)).toEqual([2, 3, [9, 2]]);
  expect(passing('at_most', [2], numbers)).toEqual([1, 2, [9, 2]]);
  expect(passing('between', [2, 3], numbers)).toEqual([2, 3, [9, 2]]);
  expect(passing('not_between', [2, 3], [...numbers, [9, 1], ['x'], []])).toEqual([1, [9, 1]]);
});

test('is true and is false want booleans', () => {
  expect(passing('is_true', [], mixed)).toEqual([true]);
  expect(passing('is_false', [], mixed)).toEqual([false]);
});

test('a stored null is not set, an empty text and an empty list are', () => {
  expect(passing('is_set', [], [null, '', [], 0, false])).toEqual(['', [], 0, false]);
  expect(passing('is_not_set', [], [null, '', [], 0, false])).toEqual(['missing', null]);
});
