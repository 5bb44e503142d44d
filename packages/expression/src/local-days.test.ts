import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { formula } from '../test/evaluate.ts';
import { propertyRuns, propertySeed } from '../test/property-runs.ts';
import { LocalDays } from './local-days.ts';

const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

describe('LocalDays', () => {
  it.each(zones)('gives the date that a clock in %s shows', (zone) => {
    const days = new LocalDays(zone);
    const instants = fc.oneof(
      fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 }),
      fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2030, 0) }),
    );
    fc.assert(
      fc.property(fc.array(instants, { minLength: 1, maxLength: 5 }), (all) => {
        for (const ms of all) {
          const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
          const expected = Temporal.PlainDate.from('1970-01-01').until(local.toPlainDate()).days;
          expect(days.dayOf(ms)).toBe(expected);
        }
      }),
      { numRuns: Math.min(propertyRuns, 100), seed: propertySeed },
    );
  });

  it('changes date around changes of the clock', () => {
    const days = new LocalDays('America/New_York');
    const change = Date.UTC(2024, 2, 10, 7);
    const dayNumber = Date.UTC(2024, 2, 10) / 86_400_000;
    expect(days.dayOf(change - 1)).toBe(dayNumber);
    expect(days.dayOf(change)).toBe(dayNumber);
    expect(days.dayOf(Date.UTC(2024, 2, 11, 4) - 1)).toBe(dayNumber);
    expect(days.dayOf(Date.UTC(2024, 2, 11, 4))).toBe(dayNumber + 1);
    expect(days.dayOf(Date.UTC(2024, 2, 10, 5) - 1)).toBe(dayNumber - 1);
  });
});

describe('dates in formulas', () => {
  const newYork = { nowMs: Date.UTC(2024, 2, 12, 3), timezone: 'America/New_York' };

  it('counts days of times by the dates of the zone', () => {
    const text = 'datedif(properties["a"], properties["b"], "D")';
    const row = { a: '2024-03-05T02:00:00', b: '2024-03-05T06:00:00' };
    expect(formula(text, row, { ...newYork, timezone: 'UTC' })).toBe(0);
    expect(formula(text, row, newYork)).toBe(1);
    expect(formula(text, { a: 1709604000, b: 1709618400000 }, newYork)).toBe(1);
  });

  it('takes a date without a time for that date in every zone', () => {
    const text = 'datedif("2024-03-05", properties["b"], "D")';
    expect(formula(text, { b: '2024-03-05T06:00:00' }, newYork)).toBe(0);
    expect(formula('datedif("2000-03-12", today(), Y)', {}, newYork)).toBe(23);
    expect(formula('datedif("2000-03-11", today(), Y)', {}, newYork)).toBe(24);
  });

  it('has no difference where one side is no date', () => {
    expect(formula('datedif("soon", today(), "D")')).toBeUndefined();
    expect(formula('datedif(today(), undefined, "D")')).toBeUndefined();
    expect(formula('datedif(1e15, today(), "D")')).toBeUndefined();
    expect(formula('datedif("2024-13-01", today(), "D")')).toBeUndefined();
  });

  it('begins today at the first instant of the day, where a zone has no midnight', () => {
    const cairo = { nowMs: Date.UTC(2024, 3, 26, 12), timezone: 'Africa/Cairo' };
    expect(formula('today()', {}, cairo)).toBe(Date.UTC(2024, 3, 25, 22) / 1000);
  });
});
