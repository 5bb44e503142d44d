import { expect, test } from 'vitest';
import { ZoneClock } from './zone-clock.ts';

const berlin = new ZoneClock('Europe/Berlin');
const at = (text: string): number => Date.parse(text);

test.each([
  ['2024-03-10T12:00:00Z', '2024-03-10T13:00:00Z'],
  ['2024-03-31T00:59:59Z', '2024-03-31T01:59:59Z'],
  ['2024-03-31T01:00:00Z', '2024-03-31T03:00:00Z'],
  ['2024-07-01T12:00:00Z', '2024-07-01T14:00:00Z'],
  ['1850-01-01T00:00:00Z', '1850-01-01T00:53:28Z'],
])('at %s clocks in Berlin show %s', (instant, wall) => {
  expect(new Date(berlin.wallOf(at(instant))).toISOString()).toBe(new Date(wall).toISOString());
});

test.each([
  ['a time that there is once', '2024-03-10T13:00:00Z', '2024-03-10T12:00:00Z'],
  ['the last instant before a gap', '2024-03-31T01:59:59Z', '2024-03-31T00:59:59Z'],
  ['a time in the gap: as before the change', '2024-03-31T02:30:00Z', '2024-03-31T01:30:00Z'],
  ['the first instant after it', '2024-03-31T03:00:00Z', '2024-03-31T01:00:00Z'],
  ['the first of an hour that comes twice', '2024-10-27T02:30:00Z', '2024-10-27T00:30:00Z'],
  ['the hour after it', '2024-10-27T03:00:00Z', '2024-10-27T02:00:00Z'],
])('finds %s', (_, wall, instant) => {
  expect(new Date(berlin.instantOf(at(wall))).toISOString()).toBe(new Date(instant).toISOString());
});

test('says since when an offset holds, for ever in a zone that never changes', () => {
  expect(berlin.offsetSince(at('2024-07-01T12:00:00Z'))).toBe(at('2024-03-31T01:00:00Z'));
  expect(new ZoneClock('UTC').offsetSince(0)).toBe(-Infinity);
});
