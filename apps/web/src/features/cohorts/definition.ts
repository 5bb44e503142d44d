import type { CohortDefinition } from '@arbor/schema/definitions';
import type { UserCondition, UserConditionInput } from '@arbor/schema/query';
import { z } from 'zod';
import { conditionStateOf } from '#report/condition-state-of.ts';
import {
  conditionSentence,
  conditionStateSchema,
  isCompleteCondition,
  queryConditions,
} from '#report/conditions.ts';

/** Conditions that all, any or none of must hold (UX-CO1). */
export const groupStateSchema = z.object({
  match: z.enum(['all', 'any', 'none']),
  conditions: z.array(conditionStateSchema).max(100),
});
export type GroupState = z.infer<typeof groupStateSchema>;

/** Whom a cohort means, as a person edits it: groups of conditions, of which all or any must hold. */
export const cohortStateSchema = z.object({
  join: z.enum(['all', 'any']),
  groups: z.array(groupStateSchema).min(1).max(20),
});
export type CohortState = z.infer<typeof cohortStateSchema>;

export const newCohort: CohortState = { join: 'all', groups: [{ match: 'all', conditions: [] }] };

export const matchLabels: Readonly<Record<GroupState['match'], string>> = {
  all: 'all of',
  any: 'any of',
  none: 'none of',
};

/** What is saved and asked: conditions that all must hold. Empty while none is complete. */
export function cohortFilters({ join, groups }: CohortState): UserConditionInput[] {
  const asked = groups
    .map(({ match, conditions }) => ({ match, filters: queryConditions(conditions) }))
    .filter(({ filters }) => filters.length > 0);
  const [only] = asked;
  if (only === undefined) return [];
  if (asked.length === 1 && only.match === 'all') return only.filters;
  const parts = asked.map(({ match, filters }) => groupFilter(match, filters));
  return join === 'all' || parts.length === 1 ? parts : [{ type: 'any', filters: parts }];
}

/** None of them: not among those for whom any holds, which is so for every kind of condition. */
function groupFilter(
  match: GroupState['match'],
  filters: UserConditionInput[],
): UserConditionInput {
  if (match !== 'none') return { type: match, filters };
  const any: UserConditionInput = { type: 'any', filters };
  return {
    type: 'cohort',
    operator: 'not_in',
    cohorts: [{ type: 'conditions', filters: [any] }],
  };
}

/** A saved definition, to be edited. What the editor has no fields for is kept as it is. */
export function cohortStateOf(filters: readonly UserCondition[]): CohortState {
  const [only] = filters;
  if (filters.length === 1 && only?.type === 'any') {
    const groups = only.filters.map(groupOf);
    if (groups.length > 1 && groups.every((group) => group !== null))
      return { join: 'any', groups };
  }
  const groups: GroupState[] = [];
  const loose: UserCondition[] = [];
  for (const filter of filters) {
    const group = groupOf(filter);
    if (group === null) loose.push(filter);
    else groups.push(group);
  }
  const all: GroupState = { match: 'all', conditions: loose.map(conditionStateOf) };
  return {
    join: 'all',
    groups: loose.length > 0 || groups.length === 0 ? [all, ...groups] : groups,
  };
}

function groupOf(filter: UserCondition): GroupState | null {
  if (filter.type === 'all' || filter.type === 'any') {
    return { match: filter.type, conditions: filter.filters.map(conditionStateOf) };
  }
  if (filter.type !== 'cohort' || filter.operator !== 'not_in' || filter.cohorts.length > 1)
    return null;
  const [cohort] = filter.cohorts;
  if (cohort?.type !== 'conditions' || cohort.filters.length > 1) return null;
  const [any] = cohort.filters;
  return any?.type === 'any'
    ? { match: 'none', conditions: any.filters.map(conditionStateOf) }
    : null;
}

export function incompleteConditions({ groups }: CohortState): number {
  return groups
    .flatMap(({ conditions }) => conditions)
    .filter((condition) => !isCompleteCondition(condition)).length;
}

/** "Did Order completed in the last 30 days; none of: City is Berlin, in cohort X". */
export function cohortSentence(
  { join, groups }: CohortState,
  cohortName: (id: string) => string,
): string {
  const parts = groups
    .filter(({ conditions }) => conditions.length > 0)
    .map(({ match, conditions }) => {
      const words = conditions.map((condition) => conditionSentence(condition, cohortName));
      if (match === 'none') return `none of: ${words.join('; ')}`;
      return words.join(match === 'all' ? ' and ' : ' or ');
    });
  const text =
    parts.length > 1
      ? parts.map((part) => `(${part})`).join(join === 'all' ? ' and ' : ' or ')
      : (parts[0] ?? '');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** A saved definition in words, for lists. */
export function definitionSentence(
  definition: CohortDefinition,
  cohortName: (id: string) => string,
): string {
  return definition.type === 'live'
    ? cohortSentence(cohortStateOf(definition.filters), cohortName)
    : 'An uploaded list';
}
