/**
 * Days as "YYYY-MM-DD" without a clock: adding a day never meets a change of summer time. A text of
 * this form sorts like the day it names.
 */
export type CalendarDate = string;

/** The day it is in a time zone at an instant. */
export function dateIn(timezone: string, instantMs: number): CalendarDate {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(
    instantMs,
  );
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  const [year, month, day] = parts(date);
  return iso(new Date(Date.UTC(year, month - 1, day + days)));
}

/** The same day of another month, or that month's last day: 31 May minus 3 months is 28 February. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const [year, month, day] = parts(date);
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return iso(new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))));
}

/** Days from the first to the second, both counted: a day has length 1. */
export function dayCount(from: CalendarDate, to: CalendarDate): number {
  return Math.round((utc(to) - utc(from)) / 86_400_000) + 1;
}

function utc(date: CalendarDate): number {
  const [year, month, day] = parts(date);
  return Date.UTC(year, month - 1, day);
}

function parts(date: CalendarDate): readonly [number, number, number] {
  const [year = 0, month = 1, day = 1] = date.slice(0, 10).split('-').map(Number);
  return [year, month, day];
}

function iso(date: Date): CalendarDate {
  return date.toISOString().slice(0, 10);
}
