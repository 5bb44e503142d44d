import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../test/property-runs.ts';
import { secondsOf } from './time-values.ts';

it.each([
  ['2024-03-05', 1709596800],
  ['2024-03-05 12:30', 1709641800],
  ['2024-03-05T12:30:15', 1709641815],
  ['2024-03-05T12:30:15.5', 1709641815.5],
  ['2024-03-05T12:30:15.123456Z', 1709641815.123],
  ['2024-03-05T12:30:15+0530', 1709622015],
  ['2024-03-05T12:30:15-05:30', 1709661615],
  [' 2024-03-05t12:30:15z ', 1709641815],
  ['1969-12-31T23:59:59', -1],
  ['0001-01-01', -62135596800],
  ['2024-02-30', undefined],
  ['2023-02-29', undefined],
  ['2024-00-01', undefined],
  ['2024-01-00', undefined],
  ['2024-03-05T24:00', undefined],
  ['2024-03-05T12:60', undefined],
  ['2024-03-05T12:30:60', undefined],
  ['2024-03-05T12:30+24:00', undefined],
  ['2024-3-5', undefined],
  ['5 March 2024', undefined],
  [99_999_999_999, 99_999_999_999],
  [100_000_000_000, 100_000_000],
  [-100_000_000_000, -100_000_000],
  [1709596800250, 1709596800.25],
  [1e15, undefined],
  [true, undefined],
  [null, undefined],
])('%j is %j', (value, seconds) => {
  expect(secondsOf(value)).toBe(seconds);
});

it('reads every time that a date prints', () => {
  const dates = fc.date({
    min: new Date('0000-01-01'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(dates, (date) => {
      expect(Math.round((secondsOf(date.toISOString()) ?? NaN) * 1000)).toBe(date.getTime());
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
