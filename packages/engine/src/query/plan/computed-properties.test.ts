import { expect, test } from 'vitest';
import { filterSchema, propertyRefSchema } from '@arbor/schema/query';
import type { FilterInput, PropertyRefInput } from '@arbor/schema/query';
import { plainScope } from '../../../test/model/plain-scope.ts';
import { planFilters, planPropertyRef } from './filters.ts';

const day = 86_400_000;
const plays = { anyOf: [{ event: 'Play' }] };

const planned = (property: PropertyRefInput) =>
  planPropertyRef(propertyRefSchema.parse(property), {
    ...plainScope(),
    definitions: {
      ...plainScope().definitions,
      propertyNames: (name) => (name.startsWith('country') ? ['country', 'country 2'] : undefined),
      lookup: (table) => (table === 'products' ? { keys: ['k'], values: ['fruit'] } : undefined),
    },
  });

test('puts the column of a lookup table into the plan', () => {
  const computed = { type: 'lookup' as const, table: 'products', column: 'category' };
  expect(planned({ scope: 'event', name: 'item', computed })).toEqual({
    scope: 'event',
    name: 'item',
    computed: { type: 'lookup', keys: ['k'], values: ['fruit'] },
  });
});

test('reads properties that were merged as one, by any of their names and in formulas', () => {
  const source = { scope: 'event', name: 'country', also: ['country 2'] };
  expect(planned({ scope: 'event', name: 'country 2' })).toEqual(source);
  expect(planned({ scope: 'person', name: 'country' })).toEqual({
    scope: 'person',
    name: 'country',
  });
  const lookup = { type: 'lookup' as const, table: 'products', column: 'category' };
  expect(planned({ scope: 'event', name: 'country', computed: lookup })).toMatchObject(source);
  const expression = 'upper(properties["country 2"]) + user["country"]';
  const computed = { type: 'formula' as const, expression };
  expect(planned({ scope: 'event', name: 'country', computed })).toEqual({
    scope: 'event',
    name: 'country',
    computed: { ...computed, merged: { 'country 2': ['country', 'country 2'] } },
  });
  expect(planned({ scope: 'person', name: 'country', computed }).computed).toEqual(computed);
});

test('looks a week back for what is borrowed and a month for touches, if nothing else is said', () => {
  expect(
    planned({ scope: 'event', name: 'p', computed: { type: 'borrowed', selector: plays } })
      .computed,
  ).toMatchObject({ withinMs: 7 * day, selector: [{ event: 'Play' }] });
  const computed = { type: 'attributed' as const, model: { type: 'last' as const } };
  expect(planned({ scope: 'event', name: 'p', computed }).computed).toMatchObject({
    lookbackMs: 30 * day,
  });
});

const event = { scope: 'event' as const, name: 'p' };
const person = { scope: 'person' as const, name: 'p' };

test.each<[PropertyRefInput, string]>([
  [
    { ...event, computed: { type: 'formula', expression: '1 +' } },
    'the formula of "p" cannot be read: character 4: found the end, expected a value',
  ],
  [
    { ...event, computed: { type: 'formula', expression: 'regex_match(properties["a"], "(")' } },
    'the formula of "p" cannot be read: character 30: found ',
  ],
  [
    { ...person, computed: { type: 'formula', expression: 'event["$time"]' } },
    'the formula of "p" is of persons, who have no event["$time"]: give it the scope event',
  ],
  [
    { ...event, path: ['a', 'b'], computed: { type: 'formula', expression: '1' } },
    'a formula has no keys: take the path "a.b" off "p"',
  ],
  [
    { ...event, computed: { type: 'lookup', table: 'x', column: 'y' } },
    'there is no lookup table "x" with a column "y"',
  ],
  [
    { ...person, computed: { type: 'until_next' } },
    'the time to the next event belongs to events: give "p" the scope event',
  ],
  [
    { ...event, computed: { type: 'behavior', selector: plays, aggregate: 'sum' } },
    'the sum of "p" needs a property',
  ],
  [
    {
      ...event,
      computed: {
        type: 'attributed',
        model: { type: 'custom', first: 0, middle: 0, last: 0 },
      },
    },
    'the attribution of "p" gives nothing to any touch: give one a share',
  ],
  [
    { scope: 'item', name: 'p' },
    '"p" is a key of objects in a list: use it in a filter on the items of that list',
  ],
])('refuses %j', (property, message) => {
  expect(() => planned(property)).toThrow(expect.objectContaining({ code: 'INVALID_QUERY' }));
  expect(() => planned(property)).toThrow(message);
});

const items = (filter: FilterInput): FilterInput => ({
  type: 'items',
  property: event,
  quantifier: 'any',
  filters: [{ type: 'all', filters: [filter] }],
});
const isSet = (property: PropertyRefInput): FilterInput => ({
  type: 'property',
  property,
  operator: 'is_set',
});

test('filters on the items of a list are about keys', () => {
  const key = { scope: 'item' as const, name: 'price', cast: 'number' as const };
  expect(planFilters([filterSchema.parse(items(isSet(key)))], plainScope())).toMatchObject([
    { type: 'items', filters: [{ type: 'all', filters: [{ property: key }] }] },
  ]);
});

test.each<[FilterInput, string]>([
  [isSet(event), 'the items of a list have keys alone: give "p" the scope item'],
  [
    isSet({ scope: 'item', name: 'p', computed: { type: 'until_next' } }),
    '"p" is a key of an item: of the computed properties it takes lookup and items only',
  ],
  [
    { type: 'cohort', operator: 'in', cohorts: [{ type: 'users', ids: [] }] },
    'an item of a list is in no cohort: filter users',
  ],
])('refuses %j inside of a filter on items', (filter, message) => {
  expect(() => planFilters([filterSchema.parse(items(filter))], plainScope())).toThrow(message);
});
