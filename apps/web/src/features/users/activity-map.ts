import type { UserProfile } from '@arbor/schema/users-result';
import { dateLabel } from '#format/bucket.ts';
import { formatCount } from '#format/number.ts';
import { addDays, type CalendarDate } from '#report/calendar-date.ts';

/** A square of the map; `level` 0 = nothing, 4 = as much as on the user's busiest days. */
export type MapDay = {
  readonly date: CalendarDate;
  readonly count: number;
  readonly level: number;
};

export type MapWeek = {
  /** The month that begins in this week, for the line above; "" = none does. */
  readonly month: string;
  /** Monday first; null = after the last day. */
  readonly days: readonly (MapDay | null)[];
};

export const mapWeeks = 24;
const levels = 4;

/** So many weeks up to the one of `last`, oldest first. */
export function activityMap(days: UserProfile['days'], last: CalendarDate): readonly MapWeek[] {
  const counts = new Map(days.map(({ date, count }) => [date, count]));
  const max = Math.max(1, ...days.map(({ count }) => count));
  const first = addDays(last, -(mapWeeks - 1) * 7 - weekdayOf(last));
  return Array.from({ length: mapWeeks }, (_, week) => {
    const dates = Array.from({ length: 7 }, (__, day) => addDays(first, week * 7 + day));
    const begins = dates.find((date) => date.endsWith('-01') && date <= last);
    return {
      month: begins === undefined ? '' : (dateLabel(begins).split(' ')[1] ?? ''),
      days: dates.map((date) => {
        if (date > last) return null;
        const count = counts.get(date) ?? 0;
        // By the root: a single busy day must not leave all others pale.
        const level = count === 0 ? 0 : Math.ceil(Math.sqrt(count / max) * levels);
        return { date, count, level };
      }),
    };
  });
}

/** Days since Monday. */
function weekdayOf(date: CalendarDate): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** The map in words. */
export function mapSummary(weeks: readonly MapWeek[]): string {
  const days = weeks.flatMap((week) => week.days).filter((day) => day !== null);
  const active = days.filter(({ count }) => count > 0);
  const whole = `Active on ${active.length} of ${formatCount(days.length, 'day')}`;
  if (active.length === 0) return whole;
  const busiest = active.reduce((most, day) => (day.count > most.count ? day : most));
  return `${whole}, most on ${dateLabel(busiest.date)} with ${formatCount(busiest.count, 'event')}`;
}
