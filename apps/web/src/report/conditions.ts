import {
  comparisonOperatorSchema,
  durationSchema,
  propertyRefSchema,
  timeUnitSchema,
  userAggregateSchema,
  type BehaviorSpan,
  type ComparisonOperator,
  type UserConditionInput,
} from '@arbor/schema/query';
import { z } from 'zod';
import { formatNumber } from '#format/number.ts';
import { eventLabel, propertyLabel } from '#format/property-name.ts';
import {
  eventStateLabel,
  eventStateSchema,
  filterSentence,
  filterStateSchema,
  incompleteCount,
  isComplete,
  queryFilters,
  querySelector,
  reportFilterSchema,
} from './question.ts';

/**
 * What users must have, be or have done, as a person edits it and as the URL keeps it. What is not complete yet is left
 * out of the query, as in reports.
 */
const spanShape = {
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

export const eventConditionSchema = z.object({
  type: z.literal('event'),
  did: z.boolean(),
  /** Null is any event; absent is not chosen yet. */
  event: z.string().min(1).nullable().optional(),
  filters: z.array(reportFilterSchema).default([]),
  /** What of the events is compared with `times`. */
  measure: measureStateSchema.default({ type: 'count' }),
  operator: comparisonOperatorSchema.default('at_least'),
  times: z.number(),
  /** The upper end of `between`. */
  to: z.number().optional(),
  ...spanShape,
});

export const conditionStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('property'), filter: filterStateSchema }),
  eventConditionSchema,
  z.object({
    type: z.literal('sequence'),
    did: z.boolean(),
    steps: z.array(eventStateSchema).min(2).max(20),
    /** From the first step to the last. */
    window: durationSchema,
    ...spanShape,
  }),
  z.object({
    type: z.literal('cohort'),
    operator: z.enum(['in', 'not_in']),
    id: z.string().min(1).optional(),
  }),
  /** A condition that was made elsewhere (in a report, by the API) and is kept as it is. */
  z.object({ type: z.literal('kept'), condition: z.unknown() }),
]);
export type ConditionState = z.infer<typeof conditionStateSchema>;
export type EventCondition = Extract<ConditionState, { type: 'event' }>;
export type SequenceCondition = Extract<ConditionState, { type: 'sequence' }>;
export type CohortCondition = Extract<ConditionState, { type: 'cohort' }>;
export type KeptCondition = Extract<ConditionState, { type: 'kept' }>;
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
export const newSequenceCondition: SequenceCondition = {
  type: 'sequence',
  did: true,
  steps: [{ filters: [] }, { filters: [] }],
  window: { value: 7, unit: 'day' },
  days: 30,
  unit: 'day',
};
export const newCohortCondition: CohortCondition = { type: 'cohort', operator: 'in' };

/** What of the conditions can be asked already. */
export function queryConditions(conditions: readonly ConditionState[]): UserConditionInput[] {
  return conditions.flatMap((condition): UserConditionInput[] => {
    if (!isCompleteCondition(condition)) return [];
    switch (condition.type) {
      case 'property':
        return queryFilters([condition.filter]);
      case 'event':
        return behaviour(condition);
      case 'sequence':
        return [sequence(condition)];
      case 'cohort': {
        const { operator, id = '' } = condition;
        return [{ type: 'cohort', operator, cohorts: [{ type: 'saved', id }] }];
      }
      case 'kept':
        // It was a condition of the API when it was read.
        return [condition.condition as UserConditionInput];
    }
  });
}

function behaviour(condition: EventCondition): UserConditionInput[] {
  const { did, event, filters, operator, times, to } = condition;
  const selector = querySelector({ event, filters });
  const measure = did ? queryMeasure(condition.measure) : ({ type: 'count' } as const);
  if (selector === null || measure === null) return [];
  return [
    {
      type: 'behavior',
      selector,
      measure,
      count: did
        ? { operator, value: times, ...(operator === 'between' ? { to } : {}) }
        : { operator: 'at_most', value: 0 },
      span: querySpan(condition),
    },
  ];
}

function queryMeasure(
  measure: MeasureState,
): Extract<UserConditionInput, { type: 'behavior' }>['measure'] | null {
  if (measure.type === 'count' || measure.type === 'distinct_time') return measure;
  const { type, property } = measure;
  return property === undefined ? null : { type, property };
}

function sequence({ did, steps, window, days, unit }: SequenceCondition): UserConditionInput {
  return {
    type: 'sequence',
    did,
    steps: steps.map(querySelector).filter((step) => step !== null),
    window,
    span: querySpan({ days, unit }),
  };
}

function querySpan({ days, unit }: SpanState): BehaviorSpan {
  return days === null ? { type: 'ever' } : { type: 'last', days, unit };
}

export function isCompleteCondition(condition: ConditionState): boolean {
  switch (condition.type) {
    case 'property':
      return isComplete(condition.filter);
    case 'event': {
      const { event, did, measure, operator, to, filters } = condition;
      if (event === undefined || incompleteCount(filters) > 0) return false;
      if (!did) return true;
      return queryMeasure(measure) !== null && (operator !== 'between' || to !== undefined);
    }
    case 'sequence':
      return condition.steps.every(
        ({ event, filters }) => event !== undefined && incompleteCount(filters) === 0,
      );
    case 'cohort':
      return condition.id !== undefined;
    case 'kept':
      return true;
  }
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

/** For screen readers, in lists of cohorts, and as the name of a new one. */
export function conditionSentence(
  condition: ConditionState,
  cohortName: (id: string) => string,
): string {
  switch (condition.type) {
    case 'property':
      return filterSentence(condition.filter);
    case 'event':
      return eventSentence(condition);
    case 'sequence': {
      const { did, steps, window } = condition;
      const path = steps.map(eventStateLabel).join(', then ');
      const within = `within ${formatCountOf(window.value, window.unit)}`;
      return `${did ? 'did' : 'did not'} ${path} ${within} ${spanSentence(condition)}`;
    }
    case 'cohort': {
      const { operator, id } = condition;
      const name = id === undefined ? 'a cohort' : `cohort ${cohortName(id)}`;
      return `${operator === 'in' ? 'in' : 'not in'} ${name}`;
    }
    case 'kept':
      return keptSentence(condition);
  }
}

function eventSentence(condition: EventCondition): string {
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

function spanSentence({ days, unit }: SpanState): string {
  return days === null ? 'ever' : `in the last ${formatCountOf(days, unit)}`;
}

function formatCountOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function keptSentence({ condition }: KeptCondition): string {
  const type = z.object({ type: z.string() }).safeParse(condition).data?.type;
  return type === 'report'
    ? 'behind a number of a report'
    : `a condition of the API (${type ?? 'unknown'})`;
}
