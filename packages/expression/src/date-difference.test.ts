import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../test/property-runs.ts';
import { dateDifference } from './date-difference.ts';
import { civilDate, dayNumber, daysInMonth } from './civil-date.ts';
import { dateUnits } from './functions.ts';

const day = (text: string): number => Date.parse(text) / 86_400_000;

describe('dateDifference', () => {
  it.each([
    ['2024-01-15', '2024-01-15', [0, 0, 0, 0, 0, 0]],
    ['2023-12-31', '2024-01-01', [1, 0, 0, 1, 0, 1]],
    ['2023-01-31', '2023-02-28', [28, 0, 0, 28, 0, 28]],
    ['2023-01-31', '2023-03-01', [29, 1, 0, 1, 1, 29]],
    ['2020-02-29', '2021-02-28', [365, 11, 0, 30, 11, 365]],
    ['2020-02-29', '2021-03-01', [366, 12, 1, 1, 0, 1]],
    ['2001-06-20', '2024-03-12', [8301, 272, 22, 21, 8, 266]],
    ['0099-12-31', '0100-01-01', [1, 0, 0, 1, 0, 1]],
  ])('from %s to %s gives D, M, Y, MD, YM and YD %j', (start, end, results) => {
    expect(dateUnits.map((unit) => dateDifference(day(start), day(end), unit))).toEqual(results);
  });

  it('is negative backwards, and never minus zero', () => {
    expect(dateDifference(day('2024-03-12'), day('2024-01-12'), 'M')).toBe(-2);
    expect(dateDifference(day('2024-03-12'), day('2024-03-11'), 'M')).toBe(0);
  });

  const days = fc.integer({ min: -700_000, max: 2_900_000 });

  it('puts months and the days left over together to the whole', () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const [, months, years, md, ym, yd] = dateUnits.map((unit) =>
          dateDifference(start, end, unit),
        ) as [number, number, number, number, number, number];
        const from = Temporal.PlainDate.from('1970-01-01').add({ days: start });
        const to = Temporal.PlainDate.from('1970-01-01').add({ days: end });
        expect(from.add({ months }).until(to).days).toBe(md);
        expect(from.add({ years }).until(to, { largestUnit: 'day' }).days).toBe(yd);
        expect(years * 12 + ym).toBe(months);
        expect(md).toBeGreaterThanOrEqual(0);
        expect(md).toBeLessThanOrEqual(31);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });

  it('counts days of dates as the calendar does', () => {
    fc.assert(
      fc.property(days, (number) => {
        const date = civilDate(number);
        const expected = Temporal.PlainDate.from('1970-01-01').add({ days: number });
        expect(date).toEqual({ year: expected.year, month: expected.month, day: expected.day });
        expect(dayNumber(date)).toBe(number);
        expect(daysInMonth(date.year, date.month)).toBe(expected.daysInMonth);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });
});
