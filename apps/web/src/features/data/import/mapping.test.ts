import { describe, expect, it } from 'vitest';
import { cellValue, eventOfRow, guessMapping, isEventRow, mappingProblem } from './mapping.ts';

describe('guessMapping', () => {
  it('knows the columns of the usual exports', () => {
    expect(guessMapping(['Event Name', 'user_id', 'timestamp', '$insert_id', 'plan'])).toEqual({
      event: { type: 'column', column: 'Event Name' },
      time: 'timestamp',
      zone: 'utc',
      user: 'user_id',
      insertId: '$insert_id',
      leftOut: [],
    });
    expect(guessMapping(['event_type', 'event_time', 'device_id', 'uuid'])).toMatchObject({
      event: { column: 'event_type' },
      time: 'event_time',
      user: 'device_id',
      insertId: 'uuid',
    });
  });

  it('says what has to be chosen where nothing fits', () => {
    const mapping = guessMapping(['a', 'b']);
    expect(mappingProblem(mapping)).toBe(
      'Choose the column of the event, or give all rows one name',
    );
    const named = { ...mapping, event: { type: 'name' as const, name: 'Buy' } };
    expect(mappingProblem(named)).toBe('Choose the column of the time');
    expect(mappingProblem({ ...named, time: 'a' })).toBe('Choose the column of the user');
    expect(mappingProblem({ ...named, time: 'a', user: 'b' })).toBeNull();
  });
});

describe('eventOfRow', () => {
  const mapping = guessMapping([
    'event',
    'time',
    'user',
    'insert_id',
    'plan',
    'note',
    'properties',
  ]);
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
          note: '',
          properties: { a: 1 },
        },
        { leftOut: ['x'] },
      ),
    ).toEqual({
      event: '7',
      properties: {
        plan: 'pro',
        a: 1,
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
  const mapping = guessMapping(['event', 'time', 'user', 'uuid', 'price']);
  const texts = { event: '2.0', time: '1.0', user: '1.10', uuid: '7.0', price: '1.10' };
  const row = { event: 2, time: 1, user: 1.1, uuid: 7, price: 1.1 };
  expect(eventOfRow(row, { mapping, timezone: 'UTC', texts })).toEqual({
    event: '2.0',
    properties: { price: 1.1, time: 1, distinct_id: '1.10', $insert_id: '7.0' },
  });
});

it('knows an event as it stands', () => {
  expect(isEventRow({ event: 'Buy', properties: {} })).toBe(true);
  for (const row of [null, {}, { event: 'Buy' }, { event: 1, properties: {} }, 'x']) {
    expect(isEventRow(row)).toBe(false);
  }
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
