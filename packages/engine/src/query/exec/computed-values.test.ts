import { expect, test } from 'vitest';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyCast } from '@arbor/schema/query';
import { castValue, derivedValue, nestedValue } from './computed-values.ts';
import { instantOfDate } from './date-values.ts';
import { ZoneClock } from './zone-clock.ts';

test.each<[PropertyValue, string[], PropertyValue]>([
  [{ a: { b: 1 } }, ['a', 'b'], 1],
  [{ a: 1 }, ['b'], null],
  [{ a: 1 }, ['toString'], null],
  ['text', ['length'], null],
  [[{ a: 1 }, { b: 2 }, 'x', { a: null }], ['a'], [1, null, null, null]],
  [[{ a: [1, 2] }, { a: [] }, { a: 3 }], ['a'], [1, 2, 3]],
  [[], ['a'], []],
  [null, ['a'], null],
])('of %j, %j is %j', (value, path, expected) => {
  expect(nestedValue(value, path)).toEqual(expected);
});

test.each<[PropertyCast, PropertyValue, PropertyValue]>([
  ['string', 5, '5'],
  ['string', true, 'true'],
  ['string', ['a', 1], '["a",1]'],
  ['string', null, null],
  ['number', '-2.5', -2.5],
  ['number', ' 7 ', 7],
  ['number', '1e3', 1000],
  ['number', '', null],
  ['number', true, null],
  ['number', ['1', 'x', 2], [1, null, 2]],
  ['boolean', 'false', false],
  ['boolean', 'False', true],
  ['boolean', [], true],
  ['boolean', null, false],
  ['list', 'a', ['a']],
  ['list', '["a","b"]', ['a', 'b']],
  ['list', '[a', ['[a']],
  ['list', '{"a":1}', ['{"a":1}']],
  ['list', null, null],
  ['date', 0, '1970-01-01T00:00:00.000Z'],
  ['date', 1709856000, '2024-03-08T00:00:00.000Z'],
  ['date', 1709856000000, '2024-03-08T00:00:00.000Z'],
  ['date', '2024-02-30', null],
  ['date', '2024-02-29', '2024-02-29'],
  ['date', true, null],
])('as %s, %j is %j', (cast, value, expected) => {
  expect(castValue(cast, value)).toEqual(expected);
});

test.each<[PropertyValue, number | null, number | null, number | null]>([
  [[{ price: 5 }, { price: '7' }, { price: 5 }, 'x'], 4, 10, 2],
  [[], 0, 0, 0],
  [{ price: 3 }, 1, 3, 1],
  ['x', 1, 0, 0],
  [null, null, null, null],
  [[{ price: 1e308 }, { price: 1e308 }], 2, null, 1],
])('%j has %j items, whose prices are %j together and %j different ones', (value, ...expected) => {
  const actual = (['size', 'sum', 'distinct_count'] as const).map((aggregate) =>
    derivedValue(
      { scope: 'event', name: 'p', computed: { type: 'items', aggregate, key: 'price' } },
      value,
    ),
  );
  expect(actual).toEqual(expected);
});

test('a lookup finds rows by the text of a value, and nothing for objects', () => {
  const computed = {
    type: 'lookup' as const,
    keys: ['5', 'true', 'a'],
    values: ['five', true, null],
  };
  const values: PropertyValue[] = [5, '5', true, 'a', 'b', { a: 1 }, null, ['5', 'b', [5]]];
  expect(
    values.map((value) => derivedValue({ scope: 'event', name: 'p', computed }, value)),
  ).toEqual(['five', 'five', true, null, null, null, null, ['five', null, null]]);
});

test('a date without a time is that day in the zone, a time without an offset is one of UTC', () => {
  const clock = new ZoneClock('America/New_York');
  const instants = ['2024-03-10', '2024-03-10T10:00:00', '2024-03-10T10:00+02:00', 'x', 5].map(
    (value) => instantOfDate(value, clock),
  );
  expect(instants).toEqual([
    Date.UTC(2024, 2, 10, 5),
    Date.UTC(2024, 2, 10, 10),
    Date.UTC(2024, 2, 10, 8),
    NaN,
    NaN,
  ]);
});
