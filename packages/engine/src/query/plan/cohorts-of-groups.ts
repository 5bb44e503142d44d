import { invalidQuery } from './invalid-query.ts';
import type {
  BreakdownPlan,
  CountedGroupsPlan,
  FilterPlan,
  GroupJoinPlan,
  InsightsPlan,
  ListPlan,
  MatchPlan,
  PropertyPlan,
  SelectorPlan,
} from './plan-types.ts';
import { type Part, replaceParts } from './replace-parts.ts';
import { isSessionEvent } from './session-events.ts';

/** Which groups are in some cohorts: asked first, of all shards together. */
export interface GroupMembers {
  /** The property of groups that says it, as the plan of the events names it. */
  readonly property: string;
  /** Lists the groups that are in any of the cohorts. */
  readonly plan: ListPlan;
}

export interface EventsOfGroups {
  readonly report: InsightsPlan;
  readonly members: readonly GroupMembers[];
}

/** As many as the ids of a frozen cohort: they go to every thread, as those do. */
export const groupsMax = 1_000_000;

type CountingPlan = InsightsPlan & { readonly counted: CountedGroupsPlan };

/** No client names a property so. */
const propertyPrefix = '\u0000in:';
/** What the groups of an event have there. */
const isIn = 'in';
const isOut = 'out';
/** Before and after every event. */
const everMs = 8.64e15;

/**
 * A report on events of groups without its cohorts, which are of groups (21): an event lies in one by a group of its
 * own that does, and not in one by a group that does not, so that one of several groups may do both. Whoever executes
 * the report lists the groups first, and puts them in (`joinMembers`).
 */
export function withoutCohorts(report: CountingPlan): EventsOfGroups {
  const { cohorts, ...rest } = report;
  if (cohorts.length === 0) return { report, members: [] };
  const members = new Map<string, GroupMembers>();
  const memberOf = (indices: readonly number[]): PropertyPlan => {
    const name = propertyPrefix + indices.join();
    if (!members.has(name)) members.set(name, { property: name, plan: listOf(report, indices) });
    return memberProperty(report.counted, name);
  };
  const judged = replaceParts(rest, (part) => onGroups(part, memberOf));
  return {
    report: { ...(judged as Omit<InsightsPlan, 'cohorts'>), cohorts: [] },
    members: [...members.values()],
  };
}

/** Throws INVALID_QUERY where more groups are in cohorts than are put into a plan: they are never cut. */
export function checkGroupCount(count: number, most = groupsMax): void {
  if (count <= most) return;
  throw invalidQuery(
    `more than ${most} groups are in a cohort that events are counted beside: count groups, or filter by their properties`,
  );
}

/** What a property of members is of the groups that were listed. */
export function columnOfMembers(groups: readonly string[]): Pick<GroupJoinPlan, 'keys' | 'values'> {
  return { keys: groups, values: groups.map(() => isIn) };
}

/** Whether an event with this value lies in the cohort, and whether it lies outside of it. */
export function sidesOf(value: unknown): { readonly in: boolean; readonly out: boolean } {
  const sides: readonly unknown[] = Array.isArray(value) ? value : [value];
  const inside = sides.includes(isIn);
  return { in: inside, out: !inside || sides.includes(isOut) };
}

function onGroups(part: Part, memberOf: (indices: readonly number[]) => PropertyPlan): Part | null {
  if (part.type !== 'cohort' || !Array.isArray(part.cohorts)) return null;
  if (isBreakdown(part)) {
    const cohorts = part.cohorts.map((own) => ({ ...own, ofGroups: memberOf([own.index]) }));
    return { ...part, cohorts };
  }
  const { cohorts, negated } = part as unknown as Extract<FilterPlan, { type: 'cohort' }>;
  const property = memberOf(cohorts);
  const judge = (operator: 'equals' | 'does_not_equal', side: string): FilterPlan => {
    return { type: 'property', property, operator, values: [side] };
  };
  if (!negated) return { ...judge('equals', isIn) };
  // One that names no group is in no cohort either.
  return {
    type: 'any',
    filters: [judge('equals', isOut), judge('does_not_equal', isIn)],
  };
}

function isBreakdown(part: Part): part is Part & Extract<BreakdownPlan, { type: 'cohort' }> {
  return !('negated' in part);
}

function memberProperty({ names: [name, ...also] }: CountedGroupsPlan, of: string): PropertyPlan {
  const group = { type: 'group', groupKey: name, name: of, keys: [], values: [], otherwise: isOut };
  return {
    scope: 'event',
    name,
    ...(also.length > 0 && { also }),
    group: group as GroupJoinPlan,
  };
}

/** Everybody behind the number of groups that any event of the report names, of those in the cohorts. */
function listOf(report: CountingPlan, indices: readonly number[]): ListPlan {
  const { version, nowMs, counted, cohorts, zone, sessions } = report;
  const { selector, startMs, endMs } = eventsReadBy(report);
  const bucket = { startMs, endMs, start: '', end: '', incomplete: false };
  const of: InsightsPlan = {
    type: 'insights',
    version,
    startMs,
    endMs,
    nowMs,
    counted,
    filters: [{ type: 'cohort', cohorts: indices, negated: false }],
    breakdown: null,
    breakdowns: null,
    segmentsMax: 1,
    cohorts,
    zone,
    sessions,
    buckets: [bucket],
    metrics: [{ selector, measure: { type: 'unique' } }],
    rankBy: null,
    segments: null,
    onOneShard: false,
    otherSegment: false,
  };
  return {
    type: 'list',
    version,
    startMs,
    endMs,
    nowMs,
    of,
    point: { type: 'insights', metric: 0, segment: null, bucket: null, compared: false },
    what: 'users',
    columns: [],
    limit: groupsMax,
    isCounted: false,
    after: null,
    chosen: null,
  };
}

/** Those of its metrics in its range, unless what it looks at besides (first times, behaviours, touches) reaches further. */
function eventsReadBy({ startMs, endMs, ...report }: CountingPlan): {
  readonly selector: SelectorPlan;
  readonly startMs: number;
  readonly endMs: number;
} {
  const { filters, breakdown, breakdowns, metrics } = report;
  const looked = JSON.stringify([filters, breakdown, breakdowns, metrics]);
  // Sessions are those of users, and which groups their events name shows in what was stored.
  const isNear = !/"(firstTime|computed|\$session_)/.test(looked);
  const selectors = metrics.flatMap(({ selector }) => selector);
  if (isNear) return { selector: selectors.map(ofAnyKind), startMs, endMs };
  return {
    selector: [{ event: null, filters: [] }, ...namedIn(report)],
    startMs: -everMs,
    endMs: everMs,
  };
}

/** All events of the name, whatever else is asked of them: `eventsReadBy` has none whose first time is. */
function ofAnyKind({ definition, ...match }: MatchPlan): MatchPlan {
  return { ...match, filters: [], ...(definition && { definition: definition.map(ofAnyKind) }) };
}

/** Those that "any event" leaves out may be named all the same. */
function namedIn(report: unknown): MatchPlan[] {
  const names = new Set<string>();
  replaceParts(report, ({ event, filters }) => {
    const isStored = typeof event === 'string' && !isSessionEvent(event);
    if (isStored && Array.isArray(filters)) names.add(event);
    return null;
  });
  return Array.from(names, (event) => ({ event, filters: [] }));
}
