import type { RetentionQueryInput } from '@arbor/schema/query';
import { z } from 'zod';
import {
  breakdownsLabel,
  breakdownsSchema,
  queryBreakdowns,
  withSeveralBreakdowns,
} from '#report/breakdown.ts';
import { listedNumberSchema } from '#report/listed-number.ts';
import {
  eventStateLabel,
  eventStateSchema,
  incompleteCount,
  queryFilters,
  querySelector,
  reportFilterSchema,
} from '#report/question.ts';
import { bracketsMax, bracketUnitsMax } from './brackets.ts';
import { rangeStateSchema, resolveRange } from '#report/range.ts';
import { askedComparison, timeCompareSchema } from '#report/time-comparison.ts';

export const retentionUnits = ['hour', 'day', 'week', 'month'] as const;
export type RetentionUnit = (typeof retentionUnits)[number];

/** When a return counts for an interval (`reports.md` 6.2); a streak is a return in each interval so far. */
export const criteria = ['on_or_after', 'on', 'on_or_before', 'streak'] as const;
export type Criterion = (typeof criteria)[number];
export const criterionLabels: Readonly<Record<Criterion, string>> = {
  on_or_after: 'on or after',
  on: 'on',
  on_or_before: 'on or before',
  streak: 'without a gap',
};

export const shownKinds = ['rate', 'users', 'both'] as const;
export type Shown = (typeof shownKinds)[number];

const stateSchema = z.object({
  range: rangeStateSchema,
  birth: eventStateSchema,
  return: eventStateSchema,
  unit: z.enum(retentionUnits),
  criterion: z.enum(criteria),
  mode: z.enum(['rolling', 'calendar']),
  births: z.enum(['every_bucket', 'first']),
  /** Interval 0 and so many after it. */
  intervals: z.number().int().min(2).max(367),
  /** Intervals of these lengths instead of so many of one unit each. */
  brackets: z
    .array(z.number().int().min(1).max(bracketUnitsMax))
    .min(1)
    .max(bracketsMax)
    .nullable()
    .default(null),
  filters: z.array(reportFilterSchema),
  breakdowns: breakdownsSchema,
  compare: timeCompareSchema.nullable().default(null),
  /** Percent, users, or both in the cells. */
  shown: z.enum(shownKinds).default('rate'),
  /** Key of the segment whose triangle is shown; null: all users. */
  opened: z.string().nullable().default(null),
  /** The number whose users or events are listed beside the report. */
  listed: listedNumberSchema.nullable().default(null),
});
export type RetentionState = z.infer<typeof stateSchema>;
export const retentionStateSchema = z.preprocess(withSeveralBreakdowns, stateSchema);

export const initialState: RetentionState = {
  range: { preset: '30d' },
  birth: { event: null, filters: [] },
  return: { event: null, filters: [] },
  unit: 'day',
  criterion: 'on_or_after',
  mode: 'rolling',
  births: 'every_bucket',
  intervals: 15,
  brackets: null,
  filters: [],
  breakdowns: [],
  compare: null,
  shown: 'rate',
  opened: null,
  listed: null,
};

/** What fits the unit when it is changed: a day, two weeks, a quarter, a year. */
export const defaultIntervals: Readonly<Record<RetentionUnit, number>> = {
  hour: 25,
  day: 15,
  week: 13,
  month: 12,
};

/** What is offered for the number of intervals, besides the one chosen. */
export const intervalChoices: Readonly<Record<RetentionUnit, readonly number[]>> = {
  hour: [13, 25, 49],
  day: [8, 15, 31, 61],
  week: [5, 9, 13, 27],
  month: [4, 7, 12, 25],
};

export function retentionQuery(
  state: RetentionState,
  timezone: string,
  nowMs: number,
): RetentionQueryInput | null {
  const birth = querySelector(state.birth);
  const comeback = querySelector(state.return);
  if (birth === null || comeback === null) return null;
  const range = resolveRange(state.range, timezone, nowMs);
  const compare = askedComparison(state.compare, range);
  return {
    type: 'retention',
    range,
    birth,
    return: comeback,
    unit: state.unit,
    criterion: state.criterion,
    mode: state.mode,
    births: state.births,
    ...(state.brackets === null
      ? { intervals: state.intervals }
      : { intervals: state.brackets.length, brackets: state.brackets }),
    ...(compare === undefined ? {} : { compare }),
    filters: queryFilters(state.filters),
    breakdowns: queryBreakdowns(state.breakdowns),
    segmentsMax: 3000,
  };
}

export function incompleteFilters(state: RetentionState): number {
  return incompleteCount(state.filters, state.birth.filters, state.return.filters);
}

export function reportTitle(state: RetentionState): string {
  const events = `${eventStateLabel(state.birth)}, then ${eventStateLabel(state.return)}`;
  const title = `${events}, by ${state.unit}`;
  const by = breakdownsLabel(state.breakdowns);
  return by === null ? title : `${title} and ${by}`;
}
