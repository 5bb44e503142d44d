import { expect, test } from 'vitest';
import type { FilterPlan } from '../plan/plan-types.ts';
import { presenceFilters } from './presence.ts';

const filter = (scope: 'event' | 'person', name: string): FilterPlan => ({
  type: 'property',
  property: { scope, name },
  operator: 'is_set',
  values: [],
});
const any = { event: null, filters: [] };
const pro = filter('person', 'plan');

test('any event will do where users decide', () => {
  expect(presenceFilters([any], [])).toEqual([]);
  expect(presenceFilters([{ ...any, filters: [filter('event', '$distinct_id')] }], [pro])).toEqual([
    filter('event', '$distinct_id'),
    pro,
  ]);
});

test('rows are looked at where they decide', () => {
  expect(presenceFilters([{ ...any, event: 'A' }], [])).toBeNull();
  expect(presenceFilters([any, { ...any, event: '$identify' }], [])).toBeNull();
  expect(presenceFilters([any], [pro, filter('event', 'os')])).toBeNull();
  expect(
    presenceFilters([any], [{ type: 'any', filters: [pro, filter('event', 'os')] }]),
  ).toBeNull();
  expect(presenceFilters([], [])).toBeNull();
});
