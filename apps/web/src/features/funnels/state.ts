import { durationSchema, propertyRefSchema } from '@arbor/schema/query';
import type { Duration, FunnelQueryInput } from '@arbor/schema/query';
import { z } from 'zod';
import { propertyLabel } from '#format/property-name.ts';
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
import { rangeStateSchema, resolveRange } from '#report/range.ts';

export const stepsMax = 50;

export const funnelStateSchema = z.object({
  range: rangeStateSchema,
  steps: z.array(eventStateSchema).max(stepsMax),
  window: durationSchema,
  filters: z.array(reportFilterSchema),
  breakdown: propertyRefSchema.nullable(),
  /** Drawn segments; null is the default selection. */
  selected: z.array(z.string()).nullable().default(null),
  sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
  /** The number whose users or events are listed beside the report. */
  listed: listedNumberSchema.nullable().default(null),
});
export type FunnelState = z.infer<typeof funnelStateSchema>;

export const initialState: FunnelState = {
  range: { preset: '30d' },
  steps: [{ filters: [] }, { filters: [] }],
  window: { value: 7, unit: 'day' },
  filters: [],
  breakdown: null,
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

/** The query behind the state, or null while there are fewer than two steps. */
export function funnelQuery(
  state: FunnelState,
  timezone: string,
  nowMs: number,
): FunnelQueryInput | null {
  const steps = state.steps.map(querySelector).filter((selector) => selector !== null);
  if (steps.length < 2) return null;
  return {
    type: 'funnel',
    range: resolveRange(state.range, timezone, nowMs),
    steps,
    window: state.window,
    counting: 'unique',
    order: 'specific',
    graceMs: 0,
    entry: 'first',
    timing: true,
    filters: queryFilters(state.filters),
    breakdowns: state.breakdown === null ? [] : [{ property: state.breakdown }],
    segmentsMax: 3000,
  };
}

export function leftOut(state: FunnelState): { readonly filters: number; readonly steps: number } {
  return {
    filters: incompleteCount(state.filters, ...state.steps.map((step) => step.filters)),
    steps: state.steps.length - chosenSteps(state).length,
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

export function windowLabel({ value, unit }: Duration): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

export function reportTitle(state: FunnelState): string {
  const steps = chosenSteps(state).map(eventStateLabel);
  const path = steps.length === 0 ? 'New funnel' : steps.join(' → ');
  return state.breakdown === null ? path : `${path}, by ${propertyLabel(state.breakdown.name)}`;
}
