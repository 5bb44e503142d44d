import { civilDate, dayNumber, daysInMonth, type CivilDate } from './civil-date.ts';
import type { DateUnit } from './functions.ts';

/**
 * `datedif` between two days (`reports.md` 14.3): whole days, months or years, or what is left of them. A month is
 * whole when the same day of the month is reached, so 31 January to 28 February is none. The days left over count
 * from the last whole month or year, whose day is the last of its month where it has no such day. Backwards it is
 * the negative.
 */
export function dateDifference(startDay: number, endDay: number, unit: DateUnit): number {
  if (startDay > endDay) return -dateDifference(endDay, startDay, unit) + 0;
  if (unit === 'D') return endDay - startDay;
  const [start, end] = [civilDate(startDay), civilDate(endDay)];
  const months = wholeMonths(start, end);
  switch (unit) {
    case 'M':
      return months;
    case 'Y':
      return Math.floor(months / 12);
    case 'YM':
      return months % 12;
    case 'MD':
      return endDay - monthsLater(start, months);
    case 'YD':
      return endDay - monthsLater(start, months - (months % 12));
  }
}

function wholeMonths(start: CivilDate, end: CivilDate): number {
  const months = (end.year - start.year) * 12 + end.month - start.month;
  return end.day < start.day ? months - 1 : months;
}

function monthsLater({ year, month, day }: CivilDate, months: number): number {
  const count = year * 12 + month - 1 + months;
  const target = { year: Math.floor(count / 12), month: (((count % 12) + 12) % 12) + 1 };
  const lastDay = daysInMonth(target.year, target.month);
  return dayNumber({ ...target, day: Math.min(day, lastDay) });
}
