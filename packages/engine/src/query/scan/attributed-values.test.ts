import type { PropertyValue } from '@arbor/schema/property-value';
import { expect, test } from 'vitest';
import type { EventRows, ScanColumn } from './scan-source.ts';
import { AttributedValues } from './attributed-values.ts';

const source = {
  eventNames: ['Open', 'Buy'],
  userCount: 0,
  mergedUsers: new Uint32Array(),
  days: [],
  userId: () => '',
  personColumn: () => undefined,
};

function column(values: PropertyValue[], codes: number[]): ScanColumn {
  const dictionary = { values: [null, ...values], numbers: new Float64Array() };
  return { codes: Uint8Array.from(codes), dictionary };
}

function rows(event: number, columns: Record<string, ScanColumn>): EventRows {
  return {
    event,
    rowCount: 3,
    users: Uint32Array.of(1),
    starts: Uint32Array.of(0, 3),
    times: new Uint32Array(3),
    tieRanks: null,
    column: (name) => columns[name],
  };
}

function read(values: AttributedValues, of: EventRows, property: number): PropertyValue[] {
  const reader = values.readersOf(of)[property];
  const ids = [0, 1, 2].map((row) => reader.idOf(row));
  return ids.map((id) => values.dictionaryOf(property).values[id]);
}

test('gives a value the same id in every dictionary, and keeps types apart', () => {
  const values = new AttributedValues(['p'], source);
  const first = rows(0, { p: column(['x', 1], [1, 2, 0]) });
  const second = rows(1, { p: column(['1', 'x'], [1, 2, 1]) });
  expect(read(values, first, 0)).toEqual(['x', 1, null]);
  expect(read(values, second, 0)).toEqual(['1', 'x', '1']);
  expect(values.dictionaryOf(0).values).toEqual([null, 'x', 1, '1']);
});

test('objects are one value whatever the order of their members, and are no texts', () => {
  const values = new AttributedValues(['p'], source);
  read(values, rows(0, { p: column([{ a: 1, b: 2 }, '{"a":1,"b":2}'], [1, 2, 0]) }), 0);
  const other = read(values, rows(1, { p: column([{ b: 2, a: 1 }, [2, 1]], [1, 2, 2]) }), 0);
  expect(other).toEqual([{ a: 1, b: 2 }, [2, 1], [2, 1]]);
});

test('a stored null is no value, an empty list is one', () => {
  const values = new AttributedValues(['p'], source);
  const reader = values.readersOf(rows(0, { p: column([null, []], [1, 2, 0]) }))[0];
  expect([0, 1, 2].map((row) => reader.idOf(row))).toEqual([0, 1, 0]);
});

test('reads the name of the event, and nothing where no row has the property', () => {
  const values = new AttributedValues(['$event_name', 'p'], source);
  expect(read(values, rows(1, {}), 0)).toEqual(['Buy', 'Buy', 'Buy']);
  expect(read(values, rows(1, {}), 1)).toEqual([null, null, null]);
});

test('keeps what was made of a dictionary until values come in', () => {
  const values = new AttributedValues(['p'], source);
  read(values, rows(0, { p: column(['x'], [1, 0, 0]) }), 0);
  const before = values.dictionaryOf(0);
  expect(values.dictionaryOf(0)).toBe(before);
  read(values, rows(0, { p: column(['y'], [1, 0, 0]) }), 0);
  expect(values.dictionaryOf(0)).not.toBe(before);
  expect(before.values).toEqual([null, 'x']);
});
