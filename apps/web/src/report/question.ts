import type { EventSelectorInput, FilterInput } from '@arbor/schema/query';
import { z } from 'zod';
import { eventLabel } from '#format/property-name.ts';
import {
  behaviourSentence,
  eventConditionSchema,
  isCompleteBehaviour,
  isCompletePlain,
  plainFilterSchema,
  queryBehaviour,
  queryPlainFilter,
  type PlainFilter,
} from './behaviour-state.ts';
import { filterSentence, type CohortFilterState } from './filter-state.ts';

/**
 * The parts of a question as a person edits them, kept in the URL: like the query's own, but a filter
 * may still lack its value and a step its event. What is incomplete is left out of the query (UX-F3).
 */
const behaviourFilterSchema = z.object({ behaviour: eventConditionSchema });
export type BehaviourFilter = z.infer<typeof behaviourFilterSchema>;

const singleFilterSchema = z.union([plainFilterSchema, behaviourFilterSchema]);
export type SingleFilter = z.infer<typeof singleFilterSchema>;

/** How filters side by side are combined (`ux.md` 4.3). */
export const combinations = ['all', 'any'] as const;
export type Combination = (typeof combinations)[number];

const groupSchema = z.object({
  group: z.enum(combinations),
  filters: z.array(singleFilterSchema),
});
export type FilterGroup = z.infer<typeof groupSchema>;

/** What can stand in a list of filters: one, or a group of them. */
const entrySchema = z.union([singleFilterSchema, groupSchema]);
export type FilterEntry = z.infer<typeof entrySchema>;

/**
 * What a report or one of its events is filtered by. All in the list must pass; a list of which any may pass is one group
 * that holds it.
 */
export const reportFilterSchema = z.union([
  singleFilterSchema,
  z.object({ group: z.enum(combinations), filters: z.array(entrySchema) }),
]);
export type ReportFilter = z.infer<typeof reportFilterSchema>;

export function isGroup<F extends ReportFilter>(
  filter: F,
): filter is Extract<F, { group: unknown }> {
  return 'group' in filter;
}

export function isCohortFilter(filter: ReportFilter): filter is CohortFilterState {
  return 'cohort' in filter;
}

export const eventStateSchema = z.object({
  /** Null is any event; absent is not chosen yet. */
  event: z.string().min(1).nullable().optional(),
  filters: z.array(reportFilterSchema).default([]),
});
export type EventState = z.infer<typeof eventStateSchema>;

/** One more event: in the first place that has none yet, else at the end; null where there is no place left. */
export function withEvent<E extends EventState>(
  events: readonly E[],
  made: E,
  max: number,
): E[] | null {
  const free = events.findIndex(({ event }) => event === undefined);
  const before = events[free];
  if (before !== undefined) return events.with(free, { ...before, event: made.event });
  return events.length < max ? [...events, made] : null;
}

/** What of the filters can be asked already. */
export function queryFilters(filters: readonly ReportFilter[]): FilterInput[] {
  return filters.map(queryReportFilter).filter((filter) => filter !== null);
}

function queryReportFilter(filter: ReportFilter): FilterInput | null {
  if (isGroup(filter)) {
    const filters = queryFilters(filter.filters);
    return filters.length === 0 ? null : { type: filter.group, filters };
  }
  if (!('behaviour' in filter)) return queryPlainFilter(filter);
  const behaviour = isCompleteBehaviour(filter.behaviour) ? queryBehaviour(filter.behaviour) : null;
  if (behaviour === null) return null;
  const cohort = { type: 'conditions', filters: [behaviour] } as const;
  return { type: 'cohort', operator: 'in', cohorts: [{ ...cohort, filters: [...cohort.filters] }] };
}

/** The selector of the query, or null while no event was chosen. */
export function querySelector({ event, filters }: EventState): EventSelectorInput | null {
  return event === undefined ? null : { anyOf: [{ event, filters: queryFilters(filters) }] };
}

/** How many filters are left out because something is missing in them; an empty group counts as one. */
export function incompleteCount(...lists: readonly (readonly ReportFilter[])[]): number {
  return lists.flat().reduce((count, filter) => count + incompleteIn(filter), 0);
}

function incompleteIn(filter: ReportFilter): number {
  if (!isGroup(filter)) return isComplete(filter) ? 0 : 1;
  return filter.filters.length === 0 ? 1 : incompleteCount(filter.filters);
}

export function isComplete(filter: PlainFilter | BehaviourFilter): boolean {
  return 'behaviour' in filter ? isCompleteBehaviour(filter.behaviour) : isCompletePlain(filter);
}

/** A list of filters as one sees it: how they are combined, and what stands in it. */
export type FilterBlock = {
  readonly combination: Combination;
  readonly entries: readonly FilterEntry[];
};

export function filterBlock(filters: readonly ReportFilter[]): FilterBlock {
  const [first, ...others] = filters;
  if (first !== undefined && others.length === 0 && isGroup(first) && first.group === 'any') {
    return { combination: 'any', entries: first.filters };
  }
  // Lists that people make hold no groups of groups beside others; a link that does keeps what lies on top.
  return { combination: 'all', entries: filters.flatMap(entryOf) };
}

function entryOf(filter: ReportFilter): readonly FilterEntry[] {
  if (!isGroup(filter)) return [filter];
  const singles = filter.filters.filter((each): each is SingleFilter => !isGroup(each));
  return [{ group: filter.group, filters: singles }];
}

export function filtersOf({ combination, entries }: FilterBlock): ReportFilter[] {
  return combination === 'all' ? [...entries] : [{ group: 'any', filters: [...entries] }];
}

/** "Country is Germany", "(Plan is pro or did Order completed in the last 30 days)". */
export function reportFilterSentence(
  filter: ReportFilter,
  cohortName: (id: string) => string = () => 'a cohort',
): string {
  if (isGroup(filter)) {
    const words = filter.filters.map((each) => reportFilterSentence(each, cohortName));
    return `(${words.join(filter.group === 'all' ? ' and ' : ' or ')})`;
  }
  if ('behaviour' in filter) return behaviourSentence(filter.behaviour);
  if (!('cohort' in filter)) return filterSentence(filter);
  const { operator, id } = filter.cohort;
  return `${operator === 'in' ? 'in' : 'not in'} ${id === undefined ? 'a cohort' : cohortName(id)}`;
}

export function eventStateLabel({ event }: EventState): string {
  return event === undefined ? 'Choose an event' : eventLabel(event);
}
