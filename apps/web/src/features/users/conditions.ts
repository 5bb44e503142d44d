import type { UserConditionInput } from '@arbor/schema/query';
import { z } from 'zod';
import { eventLabel } from '#format/property-name.ts';
import { filterSentence, filterStateSchema, isComplete, queryFilters } from '#report/question.ts';

/**
 * What users must have, be or have done, as a person edits it and as the URL keeps it. What is not complete yet is left
 * out of the query, as in reports.
 */
export const conditionStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('property'), filter: filterStateSchema }),
  z.object({
    type: z.literal('event'),
    did: z.boolean(),
    /** Null is any event; absent is not chosen yet. */
    event: z.string().min(1).nullable().optional(),
    /** At least so often. */
    times: z.number().int().min(1),
    /** In the last so many days, today included; null = ever. */
    days: z.number().int().min(1).max(3660).nullable(),
  }),
  z.object({
    type: z.literal('cohort'),
    operator: z.enum(['in', 'not_in']),
    id: z.string().min(1).optional(),
  }),
]);
export type ConditionState = z.infer<typeof conditionStateSchema>;
export type EventCondition = Extract<ConditionState, { type: 'event' }>;
export type CohortCondition = Extract<ConditionState, { type: 'cohort' }>;

export const newEventCondition: EventCondition = {
  type: 'event',
  did: true,
  times: 1,
  days: 30,
};
export const newCohortCondition: CohortCondition = { type: 'cohort', operator: 'in' };

/** What of the conditions can be asked already. */
export function queryConditions(conditions: readonly ConditionState[]): UserConditionInput[] {
  return conditions.flatMap((condition): UserConditionInput[] => {
    switch (condition.type) {
      case 'property':
        return queryFilters([condition.filter]);
      case 'event':
        return condition.event === undefined ? [] : [behaviour(condition, condition.event)];
      case 'cohort': {
        const { operator, id } = condition;
        return id === undefined
          ? []
          : [{ type: 'cohort', operator, cohorts: [{ type: 'saved', id }] }];
      }
    }
  });
}

function behaviour({ did, times, days }: EventCondition, event: string | null): UserConditionInput {
  return {
    type: 'behavior',
    selector: { anyOf: [{ event }] },
    count: did ? { operator: 'at_least', value: times } : { operator: 'at_most', value: 0 },
    span: days === null ? { type: 'ever' } : { type: 'last', days },
  };
}

export function isCompleteCondition(condition: ConditionState): boolean {
  switch (condition.type) {
    case 'property':
      return isComplete(condition.filter);
    case 'event':
      return condition.event !== undefined;
    case 'cohort':
      return condition.id !== undefined;
  }
}

/** For screen readers, and as the name of a new cohort. */
export function conditionSentence(
  condition: ConditionState,
  cohortName: (id: string) => string,
): string {
  switch (condition.type) {
    case 'property':
      return filterSentence(condition.filter);
    case 'event': {
      const { did, event, times, days } = condition;
      const what = event === undefined ? 'an event' : eventLabel(event);
      const often = did && times > 1 ? `at least ${times} times` : '';
      const when = days === null ? 'ever' : `in the last ${days} days`;
      return [did ? 'did' : 'did not', what, often, when].filter((part) => part !== '').join(' ');
    }
    case 'cohort': {
      const { operator, id } = condition;
      const name = id === undefined ? 'a cohort' : `cohort ${cohortName(id)}`;
      return `${operator === 'in' ? 'in' : 'not in'} ${name}`;
    }
  }
}
