import { describe, expect, it } from 'vitest';
import { activityMap, mapSummary, mapWeeks } from './activity-map.ts';

// A Thursday.
const last = '2026-03-19';
const days = [
  { date: '2025-01-01', count: 9 },
  { date: '2026-03-01', count: 1 },
  { date: '2026-03-16', count: 100 },
  { date: '2026-03-19', count: 25 },
];

describe('activityMap', () => {
  it('has whole weeks from Monday on, and nothing after the last day', () => {
    const weeks = activityMap(days, last);
    expect(weeks).toHaveLength(mapWeeks);
    const dates = weeks.at(-1)?.days.map((day) => day?.date ?? null);
    expect(dates).toEqual([
      '2026-03-16',
      '2026-03-17',
      '2026-03-18',
      '2026-03-19',
      null,
      null,
      null,
    ]);
  });

  it('colours by the busiest day, so that a little is seen too', () => {
    const weeks = activityMap(days, last);
    expect(
      weeks
        .at(-1)
        ?.days.slice(0, 4)
        .map((day) => day?.level),
    ).toEqual([4, 0, 0, 2]);
    expect(weeks.at(-4)?.days[6]).toEqual({ date: '2026-03-01', count: 1, level: 1 });
  });

  it('names each month where it begins', () => {
    const months = activityMap([], last).map(({ month }) => month);
    expect(months.filter((month) => month !== '')).toEqual(['Nov', 'Dec', 'Jan', 'Feb', 'Mar']);
    expect(months.at(-4)).toBe('Mar');
  });

  it('is told in words', () => {
    expect(mapSummary(activityMap(days, last))).toBe(
      'Active on 3 of 165 days, most on 16 Mar 2026 with 100 events',
    );
    expect(mapSummary(activityMap([], last))).toBe('Active on 0 of 165 days');
  });
});
