import type { ComparisonInput } from '@arbor/schema/query';
import { z } from 'zod';
import { dateLabel } from '#format/bucket.ts';
import { addDays, addMonths, dayCount, type CalendarDate } from './calendar-date.ts';
import type { DayRange } from './range.ts';

/** Another time that the figures of a report are held against (`ux.md` 5.3). */
export const pastPeriods = ['previous_period', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type PastPeriod = (typeof pastPeriods)[number];

export const pastLabels: Readonly<Record<PastPeriod, string>> = {
  previous_period: 'Previous period',
  day: 'A day before',
  week: 'A week before',
  month: 'A month before',
  quarter: 'A quarter before',
  year: 'A year before',
};

/** A thousand years, which no data go back. */
export const pastCountMax = 1000;

export const pastCompareSchema = z.object({
  type: z.literal('past'),
  period: z.enum(pastPeriods),
  /** So many of these before: 2 weeks. */
  count: z.number().int().min(1).max(pastCountMax).optional(),
  /** Shifted by whole weeks, so that Monday meets Monday. */
  sameWeekday: z.boolean().optional(),
});
export type PastCompare = z.infer<typeof pastCompareSchema>;

/** The same length from this day on. */
export const startCompareSchema = z.object({
  type: z.literal('start'),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
});

/** Comparisons that every report has. */
export const timeCompareSchema = z.discriminatedUnion('type', [
  pastCompareSchema,
  startCompareSchema,
]);
export type TimeCompare = z.infer<typeof timeCompareSchema>;

/** The comparison that the server makes. */
export function askedComparison(
  compare: TimeCompare | null,
  range: DayRange,
): ComparisonInput | undefined {
  if (compare === null) return undefined;
  if (compare.type === 'start') return { type: 'from', date: compare.date };
  const { period, count = 1, sameWeekday = false } = compare;
  if (!sameWeekday && period === 'previous_period') return { type: period };
  if (!sameWeekday && count === 1 && period !== 'previous_period') {
    return { type: 'previous', unit: period };
  }
  const from = range.from.slice(0, 10);
  const back = daysBack(from, { ...compare, count }, dayCount(from, range.to));
  const days = sameWeekday ? Math.ceil(back / 7) * 7 : back;
  // The time of a range that has one stays what it is.
  return { type: 'from', date: addDays(from, -days) + range.from.slice(10) };
}

/** How many days before the range the time begins that it is held against. */
function daysBack(from: CalendarDate, { period, count = 1 }: PastCompare, length: number): number {
  switch (period) {
    case 'previous_period':
      return length;
    case 'day':
      return count;
    case 'week':
      return count * 7;
    case 'month':
      return dayCount(addMonths(from, -count), from) - 1;
    case 'quarter':
      return dayCount(addMonths(from, -count * 3), from) - 1;
    case 'year':
      return dayCount(addMonths(from, -count * 12), from) - 1;
  }
}

/** One choice of the picker, under the text that stands for it. */
export type CompareChoice<C> = {
  readonly value: string;
  readonly label: string;
  readonly state: C | null;
};

/** The times that can be chosen; what was said about weekdays and how many stays. */
export function timeChoices(
  compare: TimeCompare | null,
  /** A day to begin with, for a comparison that names one. */
  start: CalendarDate,
): readonly CompareChoice<TimeCompare>[] {
  const past = pastPeriods.map((period) => ({
    label: pastLabels[period],
    state: compare?.type === 'past' ? { ...compare, period } : ({ type: 'past', period } as const),
  }));
  const date = compare?.type === 'start' ? compare.date : start;
  const fixed = { label: `From ${dateLabel(date)}`, state: { type: 'start', date } as const };
  return [{ label: 'No comparison', state: null }, ...past, fixed].map((choice) => ({
    ...choice,
    value: timeCompareValue(choice.state),
  }));
}

export function timeCompareValue(compare: TimeCompare | null): string {
  if (compare === null) return 'none';
  return compare.type === 'past' ? compare.period : 'start';
}
