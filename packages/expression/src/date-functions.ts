import type { Compilation } from './compilation.ts';
import { dateDifference } from './date-difference.ts';
import { constantText, type EagerFunction } from './eager-function.ts';
import { dateUnits } from './functions.ts';
import { secondsOf, timeOfText } from './time-values.ts';
import type { Value } from './value.ts';

/** Dates in the project's zone (`reports.md` 14.3). */
export const dateFunctions = {
  /** The start of the query's day, so that an answer is the same all day long. */
  today: ({ days, context }) => {
    const seconds = days.startOfDay(context.nowMs) / 1000;
    return () => seconds;
  },
  datedif: (compilation, call) => {
    const unit = dateUnits.find((one) => one === constantText(call, 2)) ?? 'D';
    return (start, end) => {
      const [startDay, endDay] = [dayOf(compilation, start), dayOf(compilation, end)];
      if (startDay === undefined || endDay === undefined) return undefined;
      return dateDifference(startDay, endDay, unit);
    };
  },
} satisfies Readonly<Record<string, EagerFunction>>;

/** A date without a time is that date in every zone; any other time is the date that it is in the project's zone. */
function dayOf({ days }: Compilation, value: Value): number | undefined {
  if (typeof value !== 'string') {
    const seconds = secondsOf(value);
    return seconds === undefined ? undefined : days.dayOf(seconds * 1000);
  }
  const time = timeOfText(value);
  if (time === undefined) return undefined;
  const { day, clockSeconds } = time;
  return clockSeconds === undefined ? day : days.dayOf((day * 86_400 + clockSeconds) * 1000);
}
