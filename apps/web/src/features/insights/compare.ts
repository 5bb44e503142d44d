import type { ComparisonInput } from '@arbor/schema/query';
import { z } from 'zod';
import { dateLabel } from '#format/bucket.ts';
import { addDays, addMonths, dayCount, type CalendarDate } from '#report/calendar-date.ts';
import type { DayRange } from '#report/range.ts';

/** What the figures of the report are held against (`ux.md` 5.3). */
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

const asSchema = z.enum(['percent', 'difference']);

export const compareStateSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('past'),
    period: z.enum(pastPeriods),
    /** So many of these before: 2 weeks. */
    count: z.number().int().min(1).max(1000).optional(),
    /** Shifted by whole weeks, so that Monday meets Monday. */
    sameWeekday: z.boolean().optional(),
  }),
  /** The same length from this day on. */
  z.object({ type: z.literal('start'), date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }),
  /** Against one segment, by its key; its name stands in the picker. */
  z.object({ type: z.literal('segment'), key: z.string(), name: z.string(), as: asSchema }),
  /** Against all segments together. */
  z.object({ type: z.literal('overall'), as: asSchema }),
]);
export type CompareState = z.infer<typeof compareStateSchema>;

export type PastCompare = Extract<CompareState, { type: 'past' }>;

/** Against another time, which the server asks about too. */
export function isOfTime(
  compare: CompareState | null,
): compare is Extract<CompareState, { type: 'past' | 'start' }> {
  return compare?.type === 'past' || compare?.type === 'start';
}

/** The comparison that the server makes; undefined where the figures of the answer are enough. */
export function askedComparison(
  compare: CompareState | null,
  range: DayRange,
): ComparisonInput | undefined {
  if (!isOfTime(compare)) return undefined;
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

/** What is left of it when the segments are others: a time before stays one. */
export function withoutSegments(compare: CompareState | null): CompareState | null {
  return isOfTime(compare) ? compare : null;
}

/** A value held against another; a gap where one is missing, or where nothing can be divided by. */
export function heldAgainst(
  value: number | null,
  reference: number | null,
  as: z.infer<typeof asSchema>,
): number | null {
  if (value === null || reference === null) return null;
  if (as === 'difference') return value - reference;
  return reference === 0 ? null : value / reference;
}

/** The choices of the picker, by the text that the URL would have of them. */
export function compareChoices(
  compare: CompareState | null,
  hasBreakdown: boolean,
  /** A day to begin with, for a comparison that names one. */
  start: CalendarDate,
): readonly {
  readonly value: string;
  readonly label: string;
  readonly state: CompareState | null;
}[] {
  const past = pastPeriods.map((period) => ({
    label: pastLabels[period],
    state: compare?.type === 'past' ? { ...compare, period } : ({ type: 'past', period } as const),
  }));
  const date = compare?.type === 'start' ? compare.date : start;
  const fixed = { label: `From ${dateLabel(date)}`, state: { type: 'start', date } as const };
  const overall = hasBreakdown
    ? ([
        { label: 'Percent of overall', state: { type: 'overall', as: 'percent' } },
        { label: 'Difference to overall', state: { type: 'overall', as: 'difference' } },
      ] as const)
    : [];
  const segment =
    compare?.type === 'segment'
      ? ([
          { label: `Percent of ${compare.name}`, state: { ...compare, as: 'percent' } },
          { label: `Difference to ${compare.name}`, state: { ...compare, as: 'difference' } },
        ] as const)
      : [];
  return [{ label: 'No comparison', state: null }, ...past, fixed, ...overall, ...segment].map(
    (choice) => ({ ...choice, value: compareValue(choice.state) }),
  );
}

export function compareValue(compare: CompareState | null): string {
  if (compare === null) return 'none';
  if (compare.type === 'past') return compare.period;
  return compare.type === 'start' ? 'start' : `${compare.type} ${compare.as}`;
}
