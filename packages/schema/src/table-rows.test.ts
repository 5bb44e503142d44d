import { describe, expect, it } from 'vitest';
import type { ColumnMapping } from './imports.ts';
import { parquetRow } from './parquet-value.ts';
import { cellValue, eventOfRow, plainColumns, propertiesOf, tableRow } from './table-rows.ts';

const mappingOf = (user: string, insertId: string): ColumnMapping => ({
  ...plainColumns,
  user,
  insertId,
});

describe('eventOfRow', () => {
  const mapping = mappingOf('user', 'insert_id');
  const of = (row: Record<string, unknown>, more = {}) =>
    eventOfRow(row, { mapping: { ...mapping, ...more }, timezone: 'UTC' });

  it('makes properties of all other columns that have a value', () => {
    expect(
      of(
        {
          event: 7,
          time: '2026-03-01',
          user: 5,
          insert_id: 'i',
          plan: 'pro',
          note: null,
          empty: '',
          properties: { a: 1 },
        },
        { leftOut: ['x'] },
      ),
    ).toEqual({
      event: '7',
      properties: {
        a: 1,
        plan: 'pro',
        // An empty text is a value.
        empty: '',
        time: Date.UTC(2026, 2, 1),
        distinct_id: '5',
        $insert_id: 'i',
      },
    });
  });

  it('leaves out what was unticked, and adds nothing that a row lacks', () => {
    expect(of({ event: 'Buy', plan: 'pro' }, { leftOut: ['plan'], insertId: null })).toEqual({
      event: 'Buy',
      properties: {},
    });
  });

  it('gives all rows one name', () => {
    const event = { type: 'name', name: ' Buy ' };
    expect(of({ event: 'was', time: 1 }, { event })).toMatchObject({
      event: 'Buy',
      properties: { event: 'was', time: 1 },
    });
  });
});

it('takes ids and names of a table as they are written', () => {
  const mapping = mappingOf('user', 'uuid');
  const texts = { event: '2.0', time: '1.0', user: '1.10', uuid: '7.0', price: '1.10' };
  const row = { event: 2, time: 1, user: 1.1, uuid: 7, price: 1.1 };
  expect(eventOfRow(row, { mapping, timezone: 'UTC', texts })).toEqual({
    event: '2.0',
    properties: { price: 1.1, time: 1, distinct_id: '1.10', $insert_id: '7.0' },
  });
});

it('reads prices as numbers, whatever zeros they end with', () => {
  expect(['10.50', '20.00', '-0.10', '100', '1.05', '0.0'].map(cellValue)).toEqual([
    10.5, 20, -0.1, 100, 1.05, 0,
  ]);
  for (const text of ['07.50', '1.5.0', '5.', '.50', '1e3.0', '12345678901234567890.0']) {
    expect(cellValue(text)).toBe(text);
  }
});

it('reads cells as they are written', () => {
  expect(['7', '007', '1e3', '-0.5', 'true', '', '[1]', '{x', 'Infinity'].map(cellValue)).toEqual([
    7,
    '007',
    '1e3',
    -0.5,
    true,
    '',
    [1],
    '{x',
    'Infinity',
  ]);
});

it('reads a row of CSV by its columns, whatever they are called', () => {
  const { row, texts } = tableRow(
    ['event', '', '__proto__', 'constructor', 'n'],
    ['2.0', 'x', '{"a":1}', 'c', ''],
  );
  expect(Object.entries(row)).toEqual([
    ['event', 2],
    ['__proto__', { a: 1 }],
    ['constructor', 'c'],
  ]);
  expect(texts['event']).toBe('2.0');
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  const mapping = { ...plainColumns, time: 'toString', user: 'valueOf' };
  const text = JSON.stringify(eventOfRow(row, { mapping, timezone: 'UTC', texts }));
  expect(text).toBe('{"event":"2.0","properties":{"__proto__":{"a":1},"constructor":"c"}}');
});

it('takes a column $insert_id as it is written, also where nobody said what tells rows apart', () => {
  const { row, texts } = tableRow(['event', '$insert_id'], ['Buy', '1.10']);
  const of = (mapping: Partial<ColumnMapping>) =>
    eventOfRow(row, { mapping: { ...plainColumns, ...mapping }, timezone: 'UTC', texts });
  const withId = { event: 'Buy', properties: { $insert_id: '1.10' } };
  expect(of({})).toEqual(withId);
  expect(of({ insertId: null })).toEqual(withId);
  expect(of({ insertId: null, leftOut: ['$insert_id'] })).toEqual({ event: 'Buy', properties: {} });
});

describe('a row of Parquet', () => {
  const at = new Date('2024-03-05T10:00:00.250Z');
  const row = parquetRow({
    event: 'Buy',
    time: at,
    distinct_id: 7n,
    properties: '{"x":1,"price":2,"__proto__":{"y":1}}',
    price: 10.5,
    born: at,
    empty: '',
    none: null,
    gone: new Date(Number.NaN),
    nested: { at, list: [1n, null], big: 2n ** 60n },
  });

  it('is an event whose columns stand over its JSON, with dates as Mixpanel writes them', () => {
    const event = eventOfRow(row, { mapping: plainColumns, timezone: 'UTC' });
    const date = '2024-03-05T10:00:00';
    expect(JSON.stringify(event)).toBe(
      JSON.stringify({
        event: 'Buy',
        properties: {
          x: 1,
          price: 10.5,
          ['__proto__']: { y: 1 },
          born: date,
          empty: '',
          nested: { at: date, list: [1, null], big: '1152921504606846976' },
          time: at.getTime(),
          distinct_id: '7',
        },
      }),
    );
  });

  it('reads a time that is written out on the clock of the file', () => {
    const of = (zone: 'utc' | 'project') =>
      eventOfRow(parquetRow({ event: 'Buy', time: '2024-07-01 12:00:00' }), {
        mapping: { ...plainColumns, zone },
        timezone: 'Europe/Berlin',
      });
    expect(of('utc')).toMatchObject({ properties: { time: Date.UTC(2024, 6, 1, 12) } });
    expect(of('project')).toMatchObject({ properties: { time: Date.UTC(2024, 6, 1, 10) } });
  });

  it('keeps a text that is no JSON, and a list, as a property', () => {
    for (const properties of ['none', '[1]', '7']) {
      const own = parquetRow({ properties });
      const value = properties === 'none' ? properties : (JSON.parse(properties) as unknown);
      expect([...propertiesOf(own, new Set())]).toEqual([['properties', value]]);
    }
  });
});
