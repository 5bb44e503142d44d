import { describe, expect, it } from 'vitest';
import { addDays, addMonths, dateIn, dayCount } from './calendar-date.ts';
import {
  automaticUnit,
  moveRange,
  rangeLabel,
  rangePhrase,
  resolveRange,
  type RangePreset,
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
