import { breakdownBucketsSchema, propertyRefSchema } from '@arbor/schema/query';
import type { BreakdownBuckets, QueryInput } from '@arbor/schema/query';
import type { PropertyName } from '@arbor/schema/catalog';
import { z } from 'zod';
import { propertyLabel } from '#format/property-name.ts';
import {
  behaviourSentence,
  eventConditionSchema,
  isCompleteBehaviour,
  queryBehaviour,
} from './behaviour-state.ts';

/** How many a report takes (`ux.md` 4.4). */
export const breakdownsMax = 5;

/** Segments by the values of a property, by saved cohorts, or by what users did. */
export const breakdownStateSchema = z.union([
  z.object({ property: propertyRefSchema, buckets: breakdownBucketsSchema.optional() }),
  z.object({ cohorts: z.array(z.string().min(1)).max(20) }),
  z.object({ behaviour: eventConditionSchema }),
]);
export type BreakdownState = z.infer<typeof breakdownStateSchema>;
export type PropertyBreakdownState = Extract<BreakdownState, { property: unknown }>;
export type CohortBreakdownState = Extract<BreakdownState, { cohorts: unknown }>;
export type BehaviourBreakdownState = Extract<BreakdownState, { behaviour: unknown }>;

export const breakdownsSchema = z.array(breakdownStateSchema).max(breakdownsMax).default([]);

/** The state of a link or a report from before a report had several breakdowns: one property, or none. */
export function withSeveralBreakdowns(state: unknown): unknown {
  if (typeof state !== 'object' || state === null) return state;
  if ('breakdowns' in state || !('breakdown' in state)) return state;
  const { breakdown, ...rest } = state;
  return { ...rest, breakdowns: breakdown === null ? [] : [{ property: breakdown }] };
}

type BreakdownInput = NonNullable<Extract<QueryInput, { type: 'insights' }>['breakdowns']>[number];

export function isCompleteBreakdown(breakdown: BreakdownState): boolean {
  if ('cohorts' in breakdown) return breakdown.cohorts.length > 0;
  if ('behaviour' in breakdown) return isCompleteBehaviour(breakdown.behaviour);
  const { buckets } = breakdown;
  if (buckets?.type !== 'even') return true;
  const { min, max, size } = buckets;
  return min < max && (max - min) / size <= rangesMax;
}

/** The server refuses more: nobody reads them. */
const rangesMax = 10_000;

/** Those that can be asked already, in their order: the parts of a combined segment are theirs. */
export function askedBreakdowns(breakdowns: readonly BreakdownState[]): readonly BreakdownState[] {
  return breakdowns.filter(isCompleteBreakdown);
}

export function queryBreakdowns(breakdowns: readonly BreakdownState[]): BreakdownInput[] {
  return askedBreakdowns(breakdowns).map((breakdown): BreakdownInput => {
    if ('property' in breakdown) return breakdown;
    if ('cohorts' in breakdown) {
      return { type: 'cohort', cohorts: breakdown.cohorts.map((id) => ({ type: 'saved', id })) };
    }
    const behaviour = queryBehaviour(breakdown.behaviour);
    const filters = behaviour === null ? [] : [behaviour];
    const name = breakdownLabel(breakdown);
    return { type: 'cohort', cohorts: [{ type: 'conditions', name, filters }] };
  });
}

export function breakdownLabel(breakdown: BreakdownState): string {
  if ('property' in breakdown) {
    const { property, buckets } = breakdown;
    const label = [property.name, ...(property.path ?? [])].map(propertyLabel).join(' › ');
    return buckets?.type === 'date' ? `${label}, ${dateUnitLabels[buckets.unit]}` : label;
  }
  if ('cohorts' in breakdown) return 'Cohort';
  const sentence = behaviourSentence(breakdown.behaviour);
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

/** "Country and Plan"; null without any that can be asked. */
export function breakdownsLabel(breakdowns: readonly BreakdownState[]): string | null {
  const asked = askedBreakdowns(breakdowns);
  return asked.length === 0 ? null : asked.map(breakdownLabel).join(' and ');
}

export type DateUnit = Extract<BreakdownBuckets, { type: 'date' }>['unit'];
export const dateUnitLabels: Readonly<Record<DateUnit, string>> = {
  minute: 'by minute',
  hour: 'by hour',
  day: 'by day',
  week: 'by week',
  month: 'by month',
  quarter: 'by quarter',
  year: 'by year',
  hour_of_day: 'by hour of the day',
  day_of_week: 'by weekday',
};
const dateUnits: readonly DateUnit[] = [
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'day_of_week',
  'hour_of_day',
];

/** One way to cut the values of a property; `buckets` absent = every value is a segment. */
export type BucketChoice = {
  readonly value: string;
  readonly label: string;
  readonly buckets: BreakdownBuckets | undefined;
};

const exact: BucketChoice = { value: 'exact', label: 'each value', buckets: undefined };

/** What a property of these types can be cut into, and what it is cut into now. */
export function bucketChoices(
  types: PropertyName['types'],
  chosen: BreakdownBuckets | undefined,
): readonly BucketChoice[] {
  const ofNumbers: readonly BucketChoice[] =
    types.includes('number') || isOfNumbers(chosen)
      ? [
          { value: 'auto', label: 'in ranges', buckets: { type: 'auto' } },
          { value: 'even', label: 'in ranges of one width', buckets: evenStart },
          { value: 'varied', label: 'in ranges of my own', buckets: variedStart },
        ]
      : [];
  const ofDates =
    types.includes('date') || chosen?.type === 'date'
      ? dateUnits.map((unit): BucketChoice => ({
          value: unit,
          label: dateUnitLabels[unit],
          buckets: { type: 'date', unit },
        }))
      : [];
  return [exact, ...ofNumbers, ...ofDates];
}

const evenStart: BreakdownBuckets = { type: 'even', min: 0, max: 100, size: 10 };
const variedStart: BreakdownBuckets = { type: 'varied', edges: [10, 100, 1000] };

function isOfNumbers(buckets: BreakdownBuckets | undefined): boolean {
  return buckets?.type === 'auto' || buckets?.type === 'even' || buckets?.type === 'varied';
}

/** The choice of `bucketChoices` that a breakdown has made. */
export function bucketChoiceOf(buckets: BreakdownBuckets | undefined): string {
  if (buckets === undefined) return exact.value;
  return buckets.type === 'date' ? buckets.unit : buckets.type;
}

/**
 * A new breakdown of a property: days for dates and ranges for numbers, of which nearly every value is one of its own;
 * else each value.
 */
export function newBreakdown({
  scope,
  name,
  types,
}: Pick<PropertyName, 'scope' | 'name' | 'types'>): BreakdownState {
  const [most] = types.filter((type) => type !== 'null');
  const property = { scope, name };
  if (most === 'date') return { property, buckets: { type: 'date', unit: 'day' } };
  return most === 'number' ? { property, buckets: { type: 'auto' } } : { property };
}

/** Edges of ranges typed into one field: at most ten different numbers, in order; null if one is none. */
export function parseEdges(text: string): number[] | null {
  const numbers = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  const edges = [...new Set(numbers)].toSorted((a, b) => a - b);
  const isUsable = edges.length > 0 && edges.length <= 10 && edges.every(Number.isFinite);
  return isUsable ? edges : null;
}
