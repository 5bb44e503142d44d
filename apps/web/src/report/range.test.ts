import { describe, expect, it } from 'vitest';
import { rangeSchema } from '@arbor/schema/query';
import { addDays, addMonths, dateIn, dayCount } from './calendar-date.ts';
import {
  automaticUnit,
  moveRange,
  rangeLabel,
  rangePhrase,
  rangePresets,
  rangeStateSchema,
  resolveRange,
  type RangePreset,
  type RangeState,
} from './range.ts';

/** 2026-03-29, 23:30 in UTC: already the 30th in Berlin (summer time since that morning). */
const now = Date.UTC(2026, 2, 29, 23, 30);
const berlin = (preset: RangePreset): object => resolveRange({ preset }, 'Europe/Berlin', now);

describe('presets', () => {
  it("take today's date in the project's zone, not the browser's", () => {
    expect(berlin('today')).toEqual({ from: '2026-03-30', to: '2026-03-30' });
    expect(resolveRange({ preset: 'today' }, 'America/New_York', now)).toEqual({
      from: '2026-03-29',
      to: '2026-03-29',
    });
  });

  it('count today among the last N days', () => {
    expect(berlin('7d')).toEqual({ from: '2026-03-24', to: '2026-03-30' });
    expect(berlin('30d')).toEqual({ from: '2026-03-01', to: '2026-03-30' });
    expect(berlin('yesterday')).toEqual({ from: '2026-03-29', to: '2026-03-29' });
  });

  it('begin the day after the same day N months ago', () => {
    expect(berlin('3m')).toEqual({ from: '2025-12-31', to: '2026-03-30' });
    expect(berlin('12m')).toEqual({ from: '2025-03-31', to: '2026-03-30' });
  });
});

describe('very long ranges', () => {
  it('begin with years that can be asked for', () => {
    for (const unit of ['day', 'week', 'month', 'year'] as const) {
      const range = resolveRange({ last: 100_000, unit, ago: 100_000 }, 'UTC', now);
      expect(rangeSchema.safeParse(range).success).toBe(true);
      expect(range.from <= range.to).toBe(true);
    }
    expect(resolveRange({ last: 3000, unit: 'year' }, 'UTC', now).from).toBe('1000-01-01');
  });
});

describe('calendar dates', () => {
  it('cross months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addMonths('2026-05-31', -3)).toBe('2026-02-28');
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
    expect(dayCount('2026-03-28', '2026-03-30')).toBe(3);
  });

  it('name the day of a zone ahead of UTC', () => {
    expect(dateIn('Pacific/Kiritimati', Date.UTC(2026, 0, 1, 12))).toBe('2026-01-02');
  });
});

describe('ranges', () => {
  it('turn a range that was entered backwards', () => {
    expect(resolveRange({ from: '2026-02-02', to: '2026-01-01' }, 'UTC', now)).toEqual({
      from: '2026-01-01',
      to: '2026-02-02',
    });
  });

  it('choose the unit by length', () => {
    expect(automaticUnit({ from: '2026-01-01', to: '2026-01-04' })).toBe('hour');
    expect(automaticUnit({ from: '2026-01-01', to: '2026-01-05' })).toBe('day');
    expect(automaticUnit({ from: '2026-01-01', to: '2026-04-03' })).toBe('week');
    expect(automaticUnit({ from: '2024-01-01', to: '2026-01-01' })).toBe('month');
  });

  it('move by their own length', () => {
    expect(moveRange({ from: '2026-01-08', to: '2026-01-14' }, -1)).toEqual({
      from: '2026-01-01',
      to: '2026-01-07',
    });
  });

  it('are named', () => {
    expect(rangeLabel({ preset: '7d' })).toBe('Last 7 days');
    expect(rangePhrase({ preset: '7d' })).toBe('in the last 7 days');
    expect(rangePhrase({ preset: 'today' })).toBe('today');
    expect(rangePhrase({ from: '2026-01-01', to: '2026-02-03' })).toBe(
      'in 1 Jan 2026 – 3 Feb 2026',
    );
    expect(rangeLabel({ from: '2026-01-01', to: '2026-01-01' })).toBe('1 Jan 2026');
    expect(rangeLabel({ from: '2026-01-01', to: '2026-02-03' })).toBe('1 Jan 2026 – 3 Feb 2026');
  });
});

describe('relative ranges', () => {
  const of = (range: RangeState): object => resolveRange(range, 'Europe/Berlin', now);

  it('leave the running day out when only complete ones are asked for', () => {
    expect(of({ preset: '7d', complete: true })).toEqual({ from: '2026-03-23', to: '2026-03-29' });
    expect(rangeLabel({ preset: '7d', complete: true })).toBe('Last 7 days, complete');
  });

  it('end so many units ago', () => {
    expect(of({ last: 2, unit: 'week', ago: 1 })).toEqual({ from: '2026-03-10', to: '2026-03-23' });
    expect(rangeLabel({ last: 2, unit: 'week', ago: 1 })).toBe('Last 2 weeks, up to 1 week ago');
  });

  it('are those of the calendar', () => {
    expect(of({ preset: 'this_week' })).toEqual({ from: '2026-03-30', to: '2026-03-30' });
    expect(of({ preset: 'month_to_date' })).toEqual({ from: '2026-03-01', to: '2026-03-30' });
    expect(of({ preset: 'last_month' })).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(of({ previous: 'quarter' })).toEqual({ from: '2025-10-01', to: '2025-12-31' });
    expect(of({ preset: 'last_year' })).toEqual({ from: '2025-01-01', to: '2025-12-31' });
    expect(of({ toDate: 'quarter' })).toEqual({ from: '2026-01-01', to: '2026-03-30' });
  });

  it('of minutes and hours are times with the offset they have there', () => {
    expect(of({ preset: '30min' })).toEqual({
      from: '2026-03-30T01:01:00+02:00',
      to: '2026-03-30T01:30:59+02:00',
    });
    // The clock went from 02:00 to 03:00 that morning.
    expect(
      resolveRange(
        { last: 3, unit: 'hour', complete: true },
        'Europe/Berlin',
        Date.UTC(2026, 2, 29, 2, 10),
      ),
    ).toEqual({
      from: '2026-03-29T00:00:00+01:00',
      to: '2026-03-29T03:59:59+02:00',
    });
  });

  it('begin with a day that may not lie ahead', () => {
    expect(of({ since: '2026-01-15' })).toEqual({ from: '2026-01-15', to: '2026-03-30' });
    expect(of({ since: '2027-01-15' })).toEqual({ from: '2026-03-30', to: '2026-03-30' });
    expect(rangeLabel({ since: '2026-01-15', all: true })).toBe('All time');
  });

  it('are asked as the schema of queries wants them', () => {
    for (const preset of rangePresets) {
      expect(rangeSchema.safeParse(of({ preset })).success).toBe(true);
      expect(rangeStateSchema.parse({ preset })).toEqual({ preset });
    }
  });
});

describe('times', () => {
  const hour = { from: '2026-03-05T14:00:00+01:00', to: '2026-03-05T14:59:59+01:00' };

  it('choose minutes and hours', () => {
    expect(automaticUnit(hour)).toBe('minute');
    expect(automaticUnit({ ...hour, to: '2026-03-05T18:59:59+01:00' })).toBe('hour');
  });

  it('move by their length, or by an hour', () => {
    expect(moveRange(hour, -1)).toEqual({
      from: '2026-03-05T13:00:00+01:00',
      to: '2026-03-05T13:59:59+01:00',
    });
    const night = { from: '2026-03-05T22:00:00', to: '2026-03-05T23:59:59' };
    expect(moveRange(night, 1, 'unit')).toEqual({
      from: '2026-03-05T23:00:00',
      to: '2026-03-06T00:59:59',
    });
    expect(moveRange({ from: '2026-03-05', to: '2026-03-06' }, 1, 'unit')).toEqual({
      from: '2026-03-06',
      to: '2026-03-07',
    });
  });

  it('are named with their day', () => {
    expect(rangeLabel(hour)).toBe('5 Mar 2026 14:00 – 14:59');
  });
});
