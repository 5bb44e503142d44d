import type { Rules } from '../judge/rules.ts';

const dayMs = 86_400_000;

/**
 * The last day of the period in which a day lies. Cohorts of a case are whole periods, also the one in which its
 * range ends; ours have the births of the range alone (2.1), so the asker ends the range with the period.
 * What is no date (a range of instants) stays as it is.
 */
export function endOfPeriod(
  date: string,
  period: 'hour' | 'day' | 'week' | 'month',
  weekStart: Rules['weekStart'],
): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return date;
  const day = new Date(`${date}T00:00:00Z`);
  if (period === 'week') {
    const lastWeekday = weekStart === 'monday' ? 0 : 6;
    const daysLeft = (lastWeekday - day.getUTCDay() + 7) % 7;
    return dateOf(day.getTime() + daysLeft * dayMs);
  }
  if (period === 'month') return dateOf(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0));
  return date;
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
