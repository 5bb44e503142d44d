import type { CohortRef } from '@arbor/schema/query';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { Calendar } from './calendar.ts';
import type { CohortMembersPlan, ListPlan, SessionsPlan } from './plan-types.ts';

/** One column of a lookup table: the value of each key. */
export interface LookupColumn {
  readonly keys: readonly string[];
  readonly values: readonly PropertyValue[];
}

/**
 * What a project has defined beside its events (14). Saved cohorts and custom events are put into a query
 * before it is planned.
 */
export interface ProjectDefinitions {
  /** Left out of "any event" (3.2), flows and sessions. */
  readonly hiddenEvents: readonly string[];
  readonly sessions: SessionsPlan;
  /** All names of a property of events that were merged into one (18), that one first; undefined = it is none of them. */
  propertyNames(name: string): readonly string[] | undefined;
  /** Undefined = there is no such table or column. */
  lookup(table: string, column: string): LookupColumn | undefined;
}

const timeoutMs = 30 * 60_000;

/** A project that has defined nothing: sessions end after half an hour without an event (12). */
export const noDefinitions: ProjectDefinitions = {
  hiddenEvents: [],
  sessions: { mode: { type: 'timeout', timeoutMs }, excluded: [] },
  propertyNames: () => undefined,
  lookup: () => undefined,
};

/** What every part of a query is planned with; collects the cohorts that parts name by index. */
export interface PlanScope {
  readonly calendar: Calendar;
  /** The moment as of which relative windows end. */
  readonly nowMs: number;
  readonly definitions: ProjectDefinitions;
  /** How many steps the attempts have whose own properties are planned: of a funnel's filters and breakdowns. */
  readonly stepCount?: number | undefined;
  /** Whether the properties planned are of births, who have a time after them: a retention's filters and breakdowns. */
  readonly ofBirths?: boolean | undefined;
  /** Whether profiles are measured beside events: what is planned then is asked of users by themselves as well. */
  readonly ofProfiles?: boolean | undefined;
  /** Whether rows are put together by groups instead of users (21): persons are whoever did an event then. */
  readonly ofGroups?: boolean | undefined;
  /** In the order in which they were planned: a cohort comes after those it holds. */
  readonly cohorts: CohortMembersPlan[];
  /** Plans a cohort as of `nowMs`; returns its index in `cohorts`. */
  cohort(ref: CohortRef): number;
  /** The same project, and the same list of cohorts, as of another moment. */
  at(nowMs: number): PlanScope;
  /** Plans the list that a condition "behind this number" names: any JSON, checked here. */
  list(list: unknown): ListPlan;
}
