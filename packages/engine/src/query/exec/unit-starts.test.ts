import { expect, test } from 'vitest';
import { unitStarts } from './unit-starts.ts';

const berlin = { timezone: 'Europe/Berlin', weekStart: 1 };

function starts(unit: Parameters<typeof unitStarts>[1], zone: typeof berlin, ...times: string[]) {
  const asked = Float64Array.from(times, (time) => Date.parse(time));
  return Array.from(unitStarts(asked, unit, zone), (time) => new Date(time).toISOString());
}

test('says when the unit of the zone began that each time lies in', () => {
  const time = '2024-05-15T10:20:30.5Z';
  expect(starts('minute', berlin, time)).toEqual(['2024-05-15T10:20:00.000Z']);
  expect(starts('hour', berlin, time)).toEqual(['2024-05-15T10:00:00.000Z']);
  expect(starts('day', berlin, time)).toEqual(['2024-05-14T22:00:00.000Z']);
  expect(starts('week', berlin, time)).toEqual(['2024-05-12T22:00:00.000Z']);
  expect(starts('week', { ...berlin, weekStart: 3 }, time)).toEqual(['2024-05-14T22:00:00.000Z']);
  expect(starts('month', berlin, time)).toEqual(['2024-04-30T22:00:00.000Z']);
  expect(starts('quarter', berlin, time)).toEqual(['2024-03-31T22:00:00.000Z']);
  expect(starts('year', berlin, time)).toEqual(['2023-12-31T23:00:00.000Z']);
});

test('goes back and forth between years, and tells the repeated hour apart', () => {
  const week = '2024-12-29T23:00:00.000Z';
  expect(
    starts('week', berlin, '2024-12-31T12:00Z', '2025-01-02T12:00Z', '2024-12-30T00:00Z'),
  ).toEqual([week, week, week]);
  expect(starts('hour', berlin, '2024-10-27T00:30Z', '2024-10-27T01:30Z')).toEqual([
    '2024-10-27T00:00:00.000Z',
    '2024-10-27T01:00:00.000Z',
  ]);
  expect(starts('day', berlin, '0050-03-01T12:00Z', '1969-12-31T23:30Z')).toEqual([
    '0050-02-28T23:06:32.000Z',
    '1969-12-31T23:00:00.000Z',
  ]);
});
