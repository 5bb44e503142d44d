import { durationSchema, propertyRefSchema } from '@arbor/schema/query';
import type { Duration, FunnelQueryInput } from '@arbor/schema/query';
import { segmentSchema } from '@arbor/schema/result';
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
  type EventState,
} from '#report/question.ts';
import { automaticUnit, rangeStateSchema, resolveRange } from '#report/range.ts';
import { askedComparison, timeCompareSchema } from '#report/time-comparison.ts';

export const stepsMax = 50;

export const exclusionsMax = 10;
export const holdMax = 3;

/** An event that must not come between two steps of the builder, counted from 0; null = the first, the last. */
export const exclusionStateSchema = z.object({
  ...eventStateSchema.shape,
  from: z.number().int().min(0).nullable().default(null),
  to: z.number().int().min(0).nullable().default(null),
});
export type ExclusionState = z.infer<typeof exclusionStateSchema>;

export const funnelViews = ['steps', 'trend', 'time'] as const;
export type FunnelViewKind = (typeof funnelViews)[number];

export const countings = ['unique', 'totals', 'sessions'] as const;
export type Counting = (typeof countings)[number];
/** What a number of the report counts, one and many. */
export const countingNouns: Readonly<Record<Counting, readonly [string, string]>> = {
  unique: ['user', 'users'],
  totals: ['attempt', 'attempts'],
  sessions: ['session', 'sessions'],
};

/** `anchored`: the first step comes first, the others in any order. */
export const stepOrders = ['specific', 'strict', 'any', 'anchored'] as const;
export type StepOrder = (typeof stepOrders)[number];

/** Which attempt counts of somebody who begins several times: the first, the latest before the second step, the farthest. */
export const reentries = ['first', 'latest', 'best'] as const;
export type Reentry = (typeof reentries)[number];

/** How far apart two events may be and still have happened in the order of the steps (UX-FU7). */
export const graceChoices = [0, 500, 1000, 2000] as const;

const stateSchema = z.object({
  range: rangeStateSchema,
  steps: z.array(eventStateSchema).max(stepsMax),
  window: durationSchema,
  view: z.enum(funnelViews).default('steps'),
  counting: z.enum(countings).default('unique'),
  order: z.enum(stepOrders).default('specific'),
  reentry: z.enum(reentries).default('first'),
  exclusions: z.array(exclusionStateSchema).max(exclusionsMax).default([]),
  /** Every step has the same values of these (UX-FU6). */
  hold: z.array(propertyRefSchema).max(holdMax).default([]),
  graceMs: z.number().int().min(0).max(2000).default(0),
  /** The segment that the others are tested against; null: all together. */
  control: segmentSchema.nullable().default(null),
  filters: z.array(reportFilterSchema),
  breakdowns: breakdownsSchema,
  /** The step, of the builder and from 0, whose value of a property an attempt is broken down by (UX-FU8). */
  attribution: z
    .union([z.enum(['first', 'last', 'each']), z.number().int().min(0)])
    .default('first'),
  compare: timeCompareSchema.nullable().default(null),
  /** Drawn segments; null is the default selection. */
  selected: z.array(z.string()).nullable().default(null),
  sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
  /** The number whose users or events are listed beside the report. */
  listed: listedNumberSchema.nullable().default(null),
});
export type FunnelState = z.infer<typeof stateSchema>;
export const funnelStateSchema = z.preprocess(withSeveralBreakdowns, stateSchema);

export const initialState: FunnelState = {
  range: { preset: '30d' },
  steps: [{ filters: [] }, { filters: [] }],
  window: { value: 7, unit: 'day' },
  view: 'steps',
  counting: 'unique',
  order: 'specific',
  reentry: 'first',
  exclusions: [],
  hold: [],
  graceMs: 0,
  control: null,
  filters: [],
  breakdowns: [],
  attribution: 'first',
  compare: null,
  selected: null,
  sort: null,
  listed: null,
};

export const windowUnits = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type WindowUnit = (typeof windowUnits)[number];

/** 366 days in each unit: the longest window (UX-FU4). */
export const windowMax: Readonly<Record<WindowUnit, number>> = {
  minute: 366 * 24 * 60,
  hour: 366 * 24,
  day: 366,
  week: 52,
  month: 12,
};

/** Steps whose event was chosen. Others are left out, so that a funnel can be looked at while it grows. */
export function chosenSteps(state: FunnelState): readonly EventState[] {
  return state.steps.filter((step) => step.event !== undefined);
}

/** Exclusions as the query has them: it knows the chosen steps alone, and those between which something can lie. */
export function askedExclusions(state: FunnelState): NonNullable<FunnelQueryInput['exclusions']> {
  const asked = state.steps.flatMap((step, place) => (step.event === undefined ? [] : [place]));
  return state.exclusions.flatMap((exclusion) => {
    const selector = querySelector(exclusion);
    const from = exclusion.from === null ? 0 : asked.indexOf(exclusion.from);
    const to = exclusion.to === null ? asked.length - 1 : asked.indexOf(exclusion.to);
    return selector === null || from < 0 || to <= from ? [] : [{ selector, from, to }];
  });
}

/** What the drawing needs beside the steps. */
function ofView(state: FunnelState, last: number, unit: FunnelQueryInput['unit']) {
  switch (state.view) {
    case 'steps':
      return {};
    case 'trend':
      return { unit, trends: true };
    case 'time':
      return {
        distribution: { from: 0, to: last },
        times: { from: 0, to: last, percentiles: [...timePercentiles] },
      };
  }
}

/** Of the times to convert, beside average and median (`ux.md` 12.2). */
export const timePercentiles = [25, 75, 90, 95] as const;

/** Orders of steps that come back: as many as are read. */
const pathsMax = 50;

/** The query behind the state, or null while there are fewer than two steps. */
export function funnelQuery(
  state: FunnelState,
  timezone: string,
  nowMs: number,
): FunnelQueryInput | null {
  const steps = state.steps.map(querySelector).filter((selector) => selector !== null);
  if (steps.length < 2) return null;
  const range = resolveRange(state.range, timezone, nowMs);
  const compare = askedComparison(state.compare, range);
  return {
    type: 'funnel',
    range,
    steps,
    window: state.window,
    counting: state.counting,
    ...orderOf(state),
    graceMs: state.graceMs,
    hold: state.hold,
    exclusions: askedExclusions(state),
    entry: state.reentry === 'best' ? 'any' : 'first',
    reentry: state.reentry === 'latest' ? 'optimized' : 'default',
    attribution: attributionOf(state),
    timing: true,
    ...ofView(state, steps.length - 1, automaticUnit(range)),
    ...(state.control === null ? {} : { control: state.control }),
    ...(compare === undefined ? {} : { compare }),
    filters: queryFilters(state.filters),
    breakdowns: queryBreakdowns(state.breakdowns),
    segmentsMax: 3000,
  };
}

function orderOf({ order }: FunnelState): Pick<FunnelQueryInput, 'order' | 'anchors' | 'pathsMax'> {
  if (order === 'anchored') return { order: 'any', anchors: [0], pathsMax };
  return order === 'any' ? { order, pathsMax } : { order };
}

/** The query counts the chosen steps alone; one that is not chosen, or not there any more, is the first. */
function attributionOf(state: FunnelState): NonNullable<FunnelQueryInput['attribution']> {
  const { attribution, steps, breakdowns } = state;
  // Without a property there are no values to choose from.
  if (!breakdowns.some((breakdown) => 'property' in breakdown)) return { type: 'first' };
  if (typeof attribution !== 'number') return { type: attribution };
  const asked = steps.flatMap((step, place) => (step.event === undefined ? [] : [place]));
  const step = asked.indexOf(attribution);
  return step < 0 ? { type: 'first' } : { type: 'step', step };
}

export function leftOut(state: FunnelState): {
  readonly filters: number;
  readonly steps: number;
  readonly exclusions: number;
} {
  return {
    filters: incompleteCount(
      state.filters,
      ...state.steps.map((step) => step.filters),
      ...state.exclusions.map((exclusion) => exclusion.filters),
    ),
    steps: state.steps.length - chosenSteps(state).length,
    exclusions: state.exclusions.length - askedExclusions(state).length,
  };
}

/** Another place for a step; out of range stays where it is. */
export function moveStep(
  steps: readonly EventState[],
  from: number,
  to: number,
): FunnelState['steps'] {
  const step = steps[from];
  const copy = [...steps];
  if (step === undefined || to < 0 || to >= steps.length) return copy;
  copy.splice(from, 1);
  copy.splice(to, 0, step);
  return copy;
}

type Steps = Pick<FunnelState, 'steps' | 'exclusions' | 'attribution'>;

/** A step at another place; exclusions stay between the steps that they were between. */
export function withMovedStep(state: Steps, from: number, to: number): Steps {
  const { steps, exclusions, attribution } = state;
  if (to < 0 || to >= steps.length) return { steps, exclusions, attribution };
  const placeOf = (place: number): number => {
    if (place === from) return to;
    if (from < place && place <= to) return place - 1;
    return to <= place && place < from ? place + 1 : place;
  };
  return {
    steps: moveStep(steps, from, to),
    exclusions: atPlaces(exclusions, placeOf),
    attribution: typeof attribution === 'number' ? placeOf(attribution) : attribution,
  };
}

/** Without a step; an exclusion that it bounded reaches to that end of the funnel, and what it decided the first one does. */
export function withoutStep({ steps, exclusions, attribution }: Steps, removed: number): Steps {
  const placeOf = (place: number): number | null => {
    if (place === removed) return null;
    return place > removed ? place - 1 : place;
  };
  return {
    steps: steps.toSpliced(removed, 1),
    exclusions: atPlaces(exclusions, placeOf),
    attribution: typeof attribution === 'number' ? (placeOf(attribution) ?? 'first') : attribution,
  };
}

function atPlaces(
  exclusions: Steps['exclusions'],
  placeOf: (place: number) => number | null,
): Steps['exclusions'] {
  return exclusions.map((exclusion) => ({
    ...exclusion,
    from: exclusion.from === null ? null : placeOf(exclusion.from),
    to: exclusion.to === null ? null : placeOf(exclusion.to),
  }));
}

/** Fixed lengths (`reports.md` 5.2). */
const unitMs: Readonly<Record<Duration['unit'], number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
};

/** Who entered before this instant has no more time; a session ends within a day. */
export function closedBefore({ counting, window }: FunnelState, nowMs: number): number {
  return nowMs - (counting === 'sessions' ? unitMs.day : window.value * unitMs[window.unit]);
}

export function windowLabel({ value, unit }: Duration): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

export function reportTitle(state: FunnelState): string {
  const steps = chosenSteps(state).map(eventStateLabel);
  const path = steps.length === 0 ? 'New funnel' : steps.join(' → ');
  const by = breakdownsLabel(state.breakdowns);
  return by === null ? path : `${path}, by ${by}`;
}
