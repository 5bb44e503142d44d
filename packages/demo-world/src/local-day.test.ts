import { expect, test } from 'vitest';
import { addDays, dayOf, dayStart, daysBetween, weekdayOf } from './local-day.ts';

const berlin = 'Europe/Berlin';
const iso = (instant: number): string => new Date(instant).toISOString();

test('begins a day at local midnight, on both sides of a change of the clocks', () => {
  expect(iso(dayStart('2026-03-29', berlin))).toBe('2026-03-28T23:00:00.000Z');
  expect(iso(dayStart('2026-03-30', berlin))).toBe('2026-03-29T22:00:00.000Z');
  expect(iso(dayStart('2026-10-25', berlin))).toBe('2026-10-24T22:00:00.000Z');
  expect(iso(dayStart('2026-10-26', berlin))).toBe('2026-10-25T23:00:00.000Z');
  expect(iso(dayStart('2026-11-22', 'America/New_York'))).toBe('2026-11-22T05:00:00.000Z');
});

test('finds the local day of an instant', () => {
  expect(dayOf(Date.parse('2026-07-01T21:59:59Z'), berlin)).toBe('2026-07-01');
  expect(dayOf(Date.parse('2026-07-01T22:00:00Z'), berlin)).toBe('2026-07-02');
});

test('counts days through months, years and changes of the clocks', () => {
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(daysBetween('2026-03-01', '2026-11-22')).toBe(266);
  expect(weekdayOf('2026-11-22')).toBe(7);
});

test('says how a day is written', () => {
  expect(() => addDays('22.11.2026', 1)).toThrow('day "22.11.2026": write it as YYYY-MM-DD');
  expect(() => addDays('2026-13-40', 1)).toThrow('day "2026-13-40": write it as YYYY-MM-DD');
});
