import { addDays, weekdayOf } from './local-day.ts';

/** What happened in the shop when: the same story in each world, laid out backwards from its last day. */
export interface Calendar {
  /** Day 0 of the history. */
  readonly firstDay: string;
  /** Whole days of history; the world goes on behind them with the same habits. */
  readonly days: number;
  /** Index of the day on which "checkout v2" went live on the web. Apps follow as people update. */
  readonly releaseDay: number;
  /** The birthday week, [first, end). */
  readonly saleDay: number;
  readonly saleEnd: number;
  /** How many new people come on a day. */
  arrivals(dayIndex: number): number;
  /** How lively a day is beside an ordinary one. */
  activity(dayIndex: number): number;
}

/** Monday … Sunday: people shop on Sunday evening and do something else on Friday and Saturday. */
const weekdayActivity = [1.08, 1.02, 1, 0.98, 0.86, 0.9, 1.2];

/** Visits of a day by hour, as weights: on computers an evening peak, on phones the way to work too. */
export const hoursOnWeb = byHour([
  3, 2, 1, 1, 1, 1, 3, 7, 12, 17, 20, 21, 23, 20, 19, 19, 20, 22, 26, 33, 38, 32, 19, 4,
]);
export const hoursInApp = byHour([
  4, 2, 1, 1, 1, 2, 8, 18, 17, 12, 11, 13, 19, 15, 12, 12, 15, 20, 23, 28, 33, 34, 24, 6,
]);

export function createCalendar(options: {
  endDay: string;
  days: number;
  /** People who come in the history's days for the first time. */
  newcomers: number;
}): Calendar {
  const { endDay, days, newcomers } = options;
  const firstDay = addDays(endDay, 1 - days);
  const releaseDay = Math.max(0, days - 28);
  const saleDay = Math.floor(days / 2);
  const saleEnd = Math.min(days, saleDay + 7);

  const activity = (dayIndex: number): number => {
    const weekday = weekdayOf(addDays(firstDay, dayIndex));
    const sale = dayIndex >= saleDay && dayIndex < saleEnd ? 1.25 : 1;
    return (weekdayActivity[weekday - 1] ?? 1) * sale;
  };
  // Twice as many come at the end of the history as at its beginning; then growth levels off.
  const pull = (dayIndex: number): number =>
    (1 + Math.min(dayIndex, days) / days) * activity(dayIndex);

  // `comers[d]` people have come before day d. Rounding the running sum, not each day, makes the
  // history hold exactly the number asked for.
  let pullOfHistory = 0;
  for (let dayIndex = 0; dayIndex < days; dayIndex++) pullOfHistory += pull(dayIndex);
  const comers = [0];
  let pulled = 0;
  const comersBefore = (dayIndex: number): number => {
    while (comers.length <= dayIndex) {
      pulled += pull(comers.length - 1);
      comers.push(Math.round((newcomers * pulled) / pullOfHistory));
    }
    return comers[dayIndex] ?? 0;
  };

  return {
    firstDay,
    days,
    releaseDay,
    saleDay,
    saleEnd,
    activity,
    arrivals: (dayIndex) => comersBefore(dayIndex + 1) - comersBefore(dayIndex),
  };
}

function byHour(weights: readonly number[]): readonly { hour: number; weight: number }[] {
  return weights.map((weight, hour) => ({ hour, weight }));
}
