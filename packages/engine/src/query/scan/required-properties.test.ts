import { expect, test } from 'vitest';
import type { FilterInput, QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import { planQuery } from '../plan/plan.ts';
import { requiredProperties } from './required-properties.ts';

const filter = (
  name: string,
  operator: 'greater_than' | 'equals' | 'does_not_equal' | 'is_not_set',
  scope: 'event' | 'person' = 'event',
): FilterInput => ({ type: 'property', property: { scope, name }, operator, values: [1] });

function required(selectors: readonly FilterInput[][], filters: FilterInput[] = []): string[] {
  const query: QueryInput = {
    type: 'insights',
    range: { from: '2024-03-01', to: '2024-03-01' },
    filters,
    metrics: selectors.map((own) => ({
      selector: { anyOf: [{ event: null, filters: own }] },
      measure: { type: 'total' },
    })),
  };
  const context = { timezone: 'UTC', weekStart: 1, nowMs: 0 };
  return requiredProperties(planQuery(querySchema.parse(query), context));
}

test('a filter that a missing value cannot pass requires its property', () => {
  expect(required([[filter('price', 'greater_than')]])).toEqual(['price']);
  expect(required([[filter('price', 'does_not_equal')]])).toEqual([]);
  expect(required([[filter('price', 'is_not_set')]])).toEqual([]);
});

test('what persons have and what every event has is not required', () => {
  expect(required([[filter('plan', 'equals', 'person'), filter('$event_name', 'equals')]])).toEqual(
    [],
  );
});

test('every metric must require it, or the report itself', () => {
  const price = filter('price', 'greater_than');
  expect(required([[price, filter('size', 'equals')], [price]])).toEqual(['price']);
  expect(required([[price], []])).toEqual([]);
  expect(required([[price], []], [filter('size', 'equals')])).toEqual(['size']);
});

test('of a group where any will do only what each of them requires', () => {
  const [price, size] = [filter('price', 'greater_than'), filter('size', 'equals')];
  expect(required([[{ type: 'any', filters: [price, size] }]])).toEqual([]);
  const both: FilterInput = { type: 'all', filters: [price, size] };
  expect(required([[{ type: 'any', filters: [both, size] }]])).toEqual(['size']);
});
