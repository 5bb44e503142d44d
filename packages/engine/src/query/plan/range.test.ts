import { expect, test } from 'vitest';
import { calendar } from './calendar.ts';
import { resolveRange } from './range.ts';

const newYork = calendar({ timezone: 'America/New_York', weekStart: 1 });

function resolved(from: string, to: string): string[] {
  const { startMs, endMs } = resolveRange({ from, to }, newYork);
  return [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
}

test('a date is the whole local day, 23 hours when the clock goes forward', () => {
  expect(resolved('2024-03-10', '2024-03-10')).toEqual([
    '2024-03-10T05:00:00.000Z',
    '2024-03-11T04:00:00.000Z',
  ]);
});

test('a time is one millisecond, both ends inside', () => {
  expect(resolved('2024-03-12T09:00:00Z', '2024-03-12T10:00:00Z')).toEqual([
    '2024-03-12T09:00:00.000Z',
    '2024-03-12T10:00:00.001Z',
  ]);
});

test('a time without offset is local, one with offset is not', () => {
  expect(resolved('2024-03-12T09:00', '2024-03-12T09:00:00-06:00')).toEqual([
    '2024-03-12T13:00:00.000Z',
    '2024-03-12T15:00:00.001Z',
  ]);
});

test.each([
  ['2024-02-30', '2024-03-01', '"2024-02-30" is not a date or a time of the calendar'],
  ['2024-03-02', '2024-03-01', 'the range ends before it starts: from 2024-03-02 to 2024-03-01'],
])('refuses %s to %s', (from, to, message) => {
  expect(() => resolved(from, to)).toThrow(
    expect.objectContaining({ code: 'INVALID_QUERY', message }),
  );
});
