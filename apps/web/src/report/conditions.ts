import { durationSchema, type UserConditionInput } from '@arbor/schema/query';
import { z } from 'zod';
import {
  behaviourSentence,
  eventConditionSchema,
  formatCountOf,
  isCompleteBehaviour,
  queryBehaviour,
  querySpan,
  spanSentence,
  spanShape,
} from './behaviour-state.ts';
import { queryFilter } from './filter-query.ts';
import { filterSentence, filterStateSchema, isCompleteFilter } from './filter-state.ts';
import { eventStateLabel, eventStateSchema, incompleteCount, querySelector } from './question.ts';

/**
 * What users must have, be or have done, as a person edits it and as the URL keeps it. What is not complete yet is left
 * out of the query, as in reports.
 */
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
export type SequenceCondition = Extract<ConditionState, { type: 'sequence' }>;
export type CohortCondition = Extract<ConditionState, { type: 'cohort' }>;
export type KeptCondition = Extract<ConditionState, { type: 'kept' }>;

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
  return conditions
    .filter(isCompleteCondition)
    .map(queryCondition)
    .filter((asked) => asked !== null);
}

function queryCondition(condition: ConditionState): UserConditionInput | null {
  switch (condition.type) {
    case 'property':
      return queryFilter(condition.filter);
    case 'event':
      return queryBehaviour(condition);
    case 'sequence':
      return sequence(condition);
    case 'cohort': {
      const { operator, id = '' } = condition;
      return { type: 'cohort', operator, cohorts: [{ type: 'saved', id }] };
    }
    case 'kept':
      // It was a condition of the API when it was read.
      return condition.condition as UserConditionInput;
  }
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

export function isCompleteCondition(condition: ConditionState): boolean {
  switch (condition.type) {
    case 'property':
      return isCompleteFilter(condition.filter);
    case 'event':
      return isCompleteBehaviour(condition);
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

/** For screen readers, in lists of cohorts, and as the name of a new one. */
export function conditionSentence(
  condition: ConditionState,
  cohortName: (id: string) => string,
): string {
  switch (condition.type) {
    case 'property':
      return filterSentence(condition.filter);
    case 'event':
      return behaviourSentence(condition);
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

function keptSentence({ condition }: KeptCondition): string {
  const type = z.object({ type: z.string() }).safeParse(condition).data?.type;
  return type === 'report'
    ? 'behind a number of a report'
    : `a condition of the API (${type ?? 'unknown'})`;
}
