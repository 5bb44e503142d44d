import {
  comparisonOperatorSchema,
  propertyRefSchema,
  timeUnitSchema,
  userAggregateSchema,
  type BehaviorSpan,
  type ComparisonOperator,
  type FilterInput,
  type UserConditionInput,
} from '@arbor/schema/query';
import { z } from 'zod';
import { formatNumber } from '#format/number.ts';
import { eventLabel, propertyLabel } from '#format/property-name.ts';
import { queryCohortFilter, queryFilter } from './filter-query.ts';
import { cohortFilterStateSchema, filterStateSchema, isCompleteFilter } from './filter-state.ts';

/** A filter by a property or by a cohort: what stands within groups of filters and under what users did. */
export const plainFilterSchema = z.union([filterStateSchema, cohortFilterStateSchema]);
export type PlainFilter = z.infer<typeof plainFilterSchema>;

export function isCompletePlain(filter: PlainFilter): boolean {
  return 'cohort' in filter ? filter.cohort.id !== undefined : isCompleteFilter(filter);
}

export function queryPlainFilter(filter: PlainFilter): FilterInput | null {
  return 'cohort' in filter ? queryCohortFilter(filter) : queryFilter(filter);
}

export const spanShape = {
  /** In the last so many units, the running one included; null = ever. */
  days: z.number().int().min(1).max(3660).nullable(),
  unit: z.enum(['day', 'week', 'month']).default('day'),
};

export const measureStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('count') }),
  /** Absent property = not chosen yet. */
  z.object({ type: userAggregateSchema, property: propertyRefSchema.optional() }),
  z.object({ type: z.literal('distinct_time'), unit: timeUnitSchema }),
]);
export type MeasureState = z.infer<typeof measureStateSchema>;

/** What users did or did not do, as a person edits it: a filter, a breakdown, a condition of a cohort. */
export const eventConditionSchema = z.object({
  type: z.literal('event'),
  did: z.boolean(),
  /** Null is any event; absent is not chosen yet. */
  event: z.string().min(1).nullable().optional(),
  filters: z.array(plainFilterSchema).default([]),
  /** What of the events is compared with `times`. */
  measure: measureStateSchema.default({ type: 'count' }),
  operator: comparisonOperatorSchema.default('at_least'),
  times: z.number(),
  /** The upper end of `between`. */
  to: z.number().optional(),
  ...spanShape,
});
export type EventCondition = z.infer<typeof eventConditionSchema>;
export type SpanState = Pick<EventCondition, 'days' | 'unit'>;

export const newEventCondition: EventCondition = {
  type: 'event',
  did: true,
  filters: [],
  measure: { type: 'count' },
  operator: 'at_least',
  times: 1,
  days: 30,
  unit: 'day',
};

type BehaviourInput = Extract<UserConditionInput, { type: 'behavior' }>;

/** The condition on users; null while something is missing in it. */
export function queryBehaviour(condition: EventCondition): BehaviourInput | null {
  const { did, event, filters, operator, times, to } = condition;
  const measure = did ? queryMeasure(condition.measure) : ({ type: 'count' } as const);
  if (event === undefined || measure === null) return null;
  const asked = filters.map(queryPlainFilter).filter((filter) => filter !== null);
  return {
    type: 'behavior',
    selector: { anyOf: [{ event, filters: asked }] },
    measure,
    count: did
      ? { operator, value: times, ...(operator === 'between' ? { to } : {}) }
      : { operator: 'at_most', value: 0 },
    span: querySpan(condition),
  };
}

function queryMeasure(measure: MeasureState): BehaviourInput['measure'] | null {
  if (measure.type === 'count' || measure.type === 'distinct_time') return measure;
  const { type, property } = measure;
  return property === undefined ? null : { type, property };
}

export function querySpan({ days, unit }: SpanState): BehaviorSpan {
  return days === null ? { type: 'ever' } : { type: 'last', days, unit };
}

export function isCompleteBehaviour(condition: EventCondition): boolean {
  const { event, did, measure, operator, to, filters } = condition;
  if (event === undefined || !filters.every(isCompletePlain)) return false;
  if (!did) return true;
  return queryMeasure(measure) !== null && (operator !== 'between' || to !== undefined);
}

export const comparisonLabels: Readonly<Record<ComparisonOperator, string>> = {
  at_least: 'at least',
  at_most: 'at most',
  exactly: 'exactly',
  not_exactly: 'not exactly',
  greater_than: 'more than',
  less_than: 'less than',
  between: 'between',
};

export const measureLabels: Readonly<Record<MeasureState['type'], string>> = {
  count: 'times',
  sum: 'sum of',
  average: 'average of',
  min: 'minimum of',
  max: 'maximum of',
  distinct_count: 'different values of',
  distinct_time: 'different',
};

/** "did Order completed at least 3 times in the last 30 days" */
export function behaviourSentence(condition: EventCondition): string {
  const { did, event, filters } = condition;
  const what = event === undefined ? 'an event' : eventLabel(event);
  const where = filters.length === 0 ? '' : `with ${formatCountOf(filters.length, 'filter')}`;
  const often = did ? countSentence(condition) : '';
  return [did ? 'did' : 'did not', what, where, often, spanSentence(condition)]
    .filter((part) => part !== '')
    .join(' ');
}

function countSentence({ measure, operator, times, to }: EventCondition): string {
  const number =
    operator === 'between' ? `${formatNumber(times)} and ${to ?? '?'}` : formatNumber(times);
  const compared = `${comparisonLabels[operator]} ${number}`;
  switch (measure.type) {
    case 'count':
      if (operator === 'at_least' && times === 1) return '';
      return `${compared} ${times === 1 && operator !== 'between' ? 'time' : 'times'}`;
    case 'distinct_time':
      return `on ${compared} different ${measure.unit}s`;
    case 'sum':
    case 'average':
    case 'min':
    case 'max':
    case 'distinct_count': {
      const name =
        measure.property === undefined ? 'a property' : propertyLabel(measure.property.name);
      return `with ${measureLabels[measure.type]} ${name} ${compared}`;
    }
  }
}

export function spanSentence({ days, unit }: SpanState): string {
  return days === null ? 'ever' : `in the last ${formatCountOf(days, unit)}`;
}

export function formatCountOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
