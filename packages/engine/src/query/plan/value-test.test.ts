import { expect, test } from 'vitest';
import type { PropertyFilter } from '@arbor/schema/query';
import { compileValueTest, valueTest } from './value-test.ts';

const filterOf = (expression: string, scope: 'event' | 'person' = 'event'): PropertyFilter => ({
  type: 'property',
  property: {
    scope,
    name: 'where',
    computed: { type: 'formula', expression, dialect: 'api' },
    cast: 'boolean',
  },
  operator: 'is_true',
  values: [],
});

test.each([
  ['properties["a"] == "x"', 'event', { scope: 'event', name: 'a' }],
  ['properties["a"] > 1 or properties["a"] == "x"', 'event', { scope: 'event', name: 'a' }],
  ['user["plan"] in ["pro"]', 'event', { scope: 'person', name: 'plan' }],
  ['properties["plan"] == "pro"', 'person', { scope: 'person', name: 'plan' }],
] as const)('%s on an %s looks at one property', (expression, scope, property) => {
  expect(valueTest(filterOf(expression, scope))).toEqual({ property, expression });
});

test.each([
  ['two properties', 'properties["a"] == properties["b"]'],
  ['no property', 'true'],
  ['the event itself', 'event["$time"] > 5'],
  ['the user of an event and the event', 'user["a"] == properties["a"]'],
  ['what tells a stored null from a missing value', 'not properties["a"]'],
  ['a null', 'properties["a"] == null'],
  ['what may be no boolean beside "and"', 'properties["a"] and true'],
  ['the same further inside', 'not (properties["a"] or false)'],
  ['what cannot be read', 'properties["a"] ='],
])('%s is judged row by row', (_, expression) => {
  expect(valueTest(filterOf(expression))).toBeNull();
});

test('other filters, and formulas of the other dialect, are none of it', () => {
  const filter = filterOf('properties["a"] == 1');
  expect(valueTest({ ...filter, operator: 'is_false' })).toBeNull();
  const { cast, ...property } = filter.property;
  expect(cast).toBe('boolean');
  expect(valueTest({ ...filter, property })).toBeNull();
  const computed = { type: 'formula' as const, expression: 'properties["a"] == 1' };
  expect(valueTest({ ...filter, property: { ...filter.property, computed } })).toBeNull();
});

test('judges values, of which null is a missing one', () => {
  const passes = compileValueTest('properties["a"] != "x"');
  expect([null, 'x', 'X', 5, ['x']].map(passes)).toEqual([true, false, true, true, true]);
});
