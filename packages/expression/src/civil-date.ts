/** Dates of the Gregorian calendar without a zone. */
export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const dayMs = 86_400_000;

/** Days from 1970-01-01 on. `month` may lie outside the year and `day` outside the month: they carry over. */
export function dayNumber({ year, month, day }: CivilDate): number {
  // Date.UTC takes years below 100 for those of the last century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / dayMs;
}

/** The date of a day number as `dayNumber` counts. */
export function civilDate(days: number): CivilDate {
  const date = new Date(days * dayMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}

export function daysInMonth(year: number, month: number): number {
  return civilDate(dayNumber({ year, month: month + 1, day: 0 })).day;
}
