import { dayMs } from '../../format/segment/segment-rows.ts';
import type {
  CohortPlan,
  FilterPlan,
  FunnelPlan,
  InsightsPlan,
  MeasurePlan,
  Plan,
  PropertyPlan,
  RetentionPlan,
  SelectorPlan,
  UserConditionPlan,
} from '../plan/plan-types.ts';
import { notPlain, storedBreakdowns } from '../plan/plain-plan.ts';
import { observedEnd } from '../plan/retention.ts';
import { distinctIdProperty } from './people-mask.ts';
import { presenceFilters } from './presence.ts';
import { rowNeeds } from './row-needs.ts';

/** What of a project a plan can look at: everything else need not be decoded. */
export interface ScanNeeds {
  readonly wants: readonly RowWant[];
  readonly personProperties: ReadonlySet<string>;
  /** Whether it matters which of two rows of a user and an instant arrived first. */
  readonly order: boolean;
}

/** Rows of one event (null = every one but the protocol's own) in [startMs, endMs). */
export interface RowWant {
  readonly event: string | null;
  readonly startMs: number;
  readonly endMs: number;
  /** Event properties; those that are no columns (`$event_name`, `$distinct_id`) among them. */
  readonly properties: ReadonlySet<string>;
  /**
   * Instants at which rows begin to count differently, ascending. A day with none of them inside is
   * counted as a whole, so nobody looks at its times. Null = times are looked at everywhere.
   */
  readonly edges: readonly number[] | null;
  /** Whether it matters whose rows they are. */
  readonly users: boolean;
  /** Rows that do not pass every one of them do not matter: a day on which no row passes need not be decoded. */
  readonly filters: readonly FilterPlan[];
  /**
   * Not null = on a day that is counted as a whole it is enough who has rows, and with `times` when the
   * first and the last of them came: rows are wanted of the other days alone.
   */
  readonly presence: PresenceWant | null;
}

export type PresenceWant = 'users' | 'times';

/**
 * `isFast`: a fast scan does the plan. The way over rows in the order of users (row-scan.ts) sorts
 * events together and needs all times.
 */
export function scanNeeds(plan: Plan, isFast: boolean): ScanNeeds {
  return isFast ? needsOf(plan) : rowNeeds(plan);
}

function needsOf(plan: Plan): ScanNeeds {
  switch (plan.type) {
    case 'insights':
      return insightsNeeds(plan);
    case 'funnel':
      return funnelNeeds(plan);
    case 'retention':
      return retentionNeeds(plan);
    case 'cohort':
      return cohortNeeds(plan);
    case 'frequency':
    case 'flow':
    case 'list':
    case 'users':
      return notPlain(plan.type);
  }
}

function insightsNeeds(plan: InsightsPlan): ScanNeeds {
  const names = new PropertyNames();
  const shared = names.ofFilters(plan.filters).concat(names.of(plan.breakdown));
  const wants = plan.metrics.flatMap(({ selector, measure }) => {
    const property = 'property' in measure ? measure.property : null;
    const filters = plan.filters.concat(selector.flatMap((match) => match.filters));
    const users =
      measure.type === 'unique' ||
      measure.type === 'active' ||
      [plan.breakdown, property].some(isOfUsers) ||
      filters.some(looksAtUsers);
    const { startMs, endMs, edges } = observed(measure, plan);
    const properties = shared.concat(names.of(property));
    const presence = isPresenceEnough(selector, measure, plan) ? ('users' as const) : null;
    const span = { startMs, endMs, edges, users, presence };
    return wantsOf(selector, names, { ...span, properties, filters: plan.filters });
  });
  return { wants, personProperties: names.person, order: false };
}

/** Whoever has rows counts, and in the segment of his own that his rows do not decide. */
function isPresenceEnough(
  selector: SelectorPlan,
  measure: MeasurePlan,
  { breakdown, filters }: InsightsPlan,
): boolean {
  const countsUsers = measure.type === 'unique' || measure.type === 'active';
  const isPlain = breakdown === null || breakdown.scope === 'person';
  return countsUsers && isPlain && presenceFilters(selector, filters) !== null;
}

/** Active users look back before the range, and to the end of its last day (2.5). */
function observed(measure: MeasurePlan, { startMs, endMs, buckets }: InsightsPlan) {
  const edges = [startMs, endMs, ...buckets.map((bucket) => bucket.startMs)];
  if (measure.type !== 'active') return { startMs, endMs, edges: edges.sort(ascending) };
  const { starts, ends } = measure.windows;
  return {
    startMs: Math.min(startMs, starts[0]),
    endMs: Math.max(endMs, ends[ends.length - 1]),
    edges: edges.concat(starts, ends).sort(ascending),
  };
}

function funnelNeeds(plan: FunnelPlan): ScanNeeds {
  const names = new PropertyNames();
  const { hold = [], sum = null } = plan.options ?? {};
  const properties = names
    .ofFilters(plan.filters)
    .concat([...storedBreakdowns(plan), ...hold, sum].flatMap((property) => names.of(property)));
  const wants = plan.steps.flatMap((step) =>
    wantsOf(step, names, {
      // Grace lets every step lie a little before the one before it.
      startMs: plan.startMs - plan.graceMs * plan.steps.length,
      endMs: plan.options?.inRange === true ? plan.endMs : plan.endMs + plan.windowMs,
      edges: null,
      users: true,
      presence: null,
      properties,
      // Those of the report judge attempts, once rows have been chosen (5.8).
      filters: [],
    }),
  );
  return { wants, personProperties: names.person, order: true };
}

/**
 * Births are followed to the end of their last interval, or to the present. Within a calendar
 * interval a return is one whenever it comes; on the days of births it must not come before them.
 */
function retentionNeeds(plan: RetentionPlan): ScanNeeds {
  const { clock, startMs, endMs } = plan;
  const names = new PropertyNames();
  const properties = names.ofFilters(plan.filters);
  const seenMs = observedEnd(plan);
  const readOfReturns = propertiesOfReturns(plan);
  const isPresence =
    readOfReturns.length === 0 && presenceFilters(plan.return, plan.filters) !== null;
  const rollingEdges = isPresence ? [] : null;
  const edges = clock.type === 'calendar' ? clock.edges : rollingEdges;
  const presenceAfter = clock.type === 'calendar' ? 'users' : 'times';
  const { filters } = plan;
  const read = properties.concat(readOfReturns.flatMap((property) => names.of(property)));
  const returns = { startMs, users: true, properties: read, filters };
  const wants = [
    ...wantsOf(plan.birth, names, {
      startMs,
      endMs,
      edges: null,
      users: true,
      presence: null,
      properties: properties.concat(names.of(plan.breakdown)),
      filters,
    }),
    ...wantsOf(plan.return, names, {
      ...returns,
      // Whether somebody came back on the last day of births is asked of all of that day.
      endMs: Math.min(isPresence ? Math.ceil(endMs / dayMs) * dayMs : endMs, seenMs),
      edges: isPresence ? edges : null,
      presence: isPresence ? 'times' : null,
    }),
    ...wantsOf(plan.return, names, {
      ...returns,
      endMs: seenMs,
      edges,
      presence: isPresence ? presenceAfter : null,
    }),
  ];
  return { wants, personProperties: names.person, order: true };
}

/** What is read of every row that is a return: what it is put into segments by, and the number that is summed up. */
function propertiesOfReturns({ breakdown, options }: RetentionPlan): PropertyPlan[] {
  if (options === null) return [];
  const { measure, segmentBy } = options;
  const split = segmentBy !== 'birth' && breakdown !== null ? [breakdown] : [];
  return measure.type === 'users' ? split : [...split, measure.property];
}

/** How often somebody did something in a span: within it, times say nothing more. */
function cohortNeeds(plan: CohortPlan): ScanNeeds {
  const names = new PropertyNames();
  names.ofConditions(plan.conditions);
  const wants = plan.behaviors.flatMap(({ selector, startMs, endMs }) =>
    wantsOf(selector, names, {
      startMs,
      endMs,
      edges: [],
      users: true,
      presence: null,
      properties: [],
      filters: [],
    }),
  );
  return { wants, personProperties: names.person, order: false };
}

/** `filters`: those that rows must pass besides the ones of their match. */
function wantsOf(
  selector: SelectorPlan,
  names: PropertyNames,
  {
    properties,
    filters,
    ...span
  }: Omit<RowWant, 'event' | 'properties'> & { readonly properties: readonly string[] },
): RowWant[] {
  return selector.flatMap((match) => {
    const { event } = match;
    const ofMatch = names.ofFilters(match.filters);
    const own = new Set([...properties, ...ofMatch]);
    const all = [...filters, ...match.filters];
    const want = { event, ...span, properties: own, filters: all };
    if (match.firstTime === undefined) return [want];
    // Which one is the first shows in whatever came before, whether or not it counts.
    const isOfAll = match.firstTime === 'event';
    const before = {
      ...want,
      startMs: earliestMs,
      edges: [span.startMs],
      properties: new Set(isOfAll ? [] : ofMatch),
      filters: isOfAll ? [] : match.filters,
      presence: null,
    };
    return [want, before];
  });
}

/** Before every event. */
const earliestMs = -8.64e15;

function isOfUsers(property: PropertyPlan | null): boolean {
  return property !== null && (property.scope === 'person' || property.name === distinctIdProperty);
}

function looksAtUsers(filter: FilterPlan): boolean {
  if (filter.type === 'property') return isOfUsers(filter.property);
  return !('filters' in filter) || filter.filters.some(looksAtUsers);
}

/** Returns names of event properties, and keeps those of persons: their columns have no days. */
class PropertyNames {
  readonly person = new Set<string>();

  of(property: PropertyPlan | null): string[] {
    if (property === null) return [];
    if (property.scope === 'event') return [property.name];
    this.person.add(property.name);
    return [];
  }

  ofFilters(filters: readonly FilterPlan[]): string[] {
    return filters.flatMap((filter) =>
      filter.type === 'property'
        ? this.of(filter.property)
        : 'filters' in filter
          ? this.ofFilters(filter.filters)
          : [],
    );
  }

  /** Conditions on users look at the properties of persons; what behaviors look at, they say themselves. */
  ofConditions(conditions: readonly UserConditionPlan[]): void {
    for (const condition of conditions) {
      if (condition.type === 'property') this.person.add(condition.property.name);
      else if ('filters' in condition) this.ofConditions(condition.filters);
    }
  }
}

const ascending = (left: number, right: number): number => left - right;
