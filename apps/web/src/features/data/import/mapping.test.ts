import { describe, expect, it } from 'vitest';
import { guessMapping, isEventRow, mappingProblem } from './mapping.ts';

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

it('knows an event as it stands', () => {
  const isEvent = (row: unknown, isLine = true) => isEventRow(row, { isLine });
  expect(isEvent({ event: 'Buy', properties: {} })).toBe(true);
  for (const row of [null, {}, { event: 'Buy' }, { event: 1, properties: {} }, 'x']) {
    expect(isEvent(row)).toBe(false);
  }
  // A table that has columns beside them has to be told what they are.
  expect(isEvent({ event: 'Buy', properties: {}, time: 1 })).toBe(true);
  expect(isEvent({ event: 'Buy', properties: {}, time: 1 }, false)).toBe(false);
  expect(isEvent({ event: 'Buy', properties: {} }, false)).toBe(true);
});
