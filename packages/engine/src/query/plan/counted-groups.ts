import { withoutCohorts } from './cohorts-of-groups.ts';
import type { EventsOfGroups, GroupMembers } from './cohorts-of-groups.ts';
import { nameOfDoers } from './doer-properties.ts';
import type {
  CountedGroupsPlan,
  FilterPlan,
  InsightsPlan,
  ListPlan,
  MeasurePlan,
  Plan,
} from './plan-types.ts';
import { type Part, replaceParts } from './replace-parts.ts';

/** The groups that a plan counts; undefined = it counts users. */
export function countedGroups(plan: Plan): CountedGroupsPlan | undefined {
  const report = plan.type === 'list' ? plan.of : plan;
  return report.type === 'cohort' || report.type === 'users' ? undefined : report.counted;
}

/** One of the plans whose partial results together are those of a plan. */
export interface GroupsPart {
  readonly plan: Plan;
  /** Where it is about events of groups: who is in the cohorts that it names. */
  readonly members: readonly GroupMembers[];
}

/**
 * The plans whose partial results together are those of this one. What a report measures of events is not measured of
 * groups: an event of two groups is one (21). Metrics that a part is not about pass nothing there.
 */
export function partsOfGroups(plan: Plan): readonly GroupsPart[] {
  if (countedGroups(plan) === undefined) return [{ plan, members: [] }];
  if (plan.type === 'list') return [listOfGroups(plan)];
  if (plan.type !== 'insights') return [{ plan, members: [] }];
  const { metrics } = plan;
  const ofGroups = metrics.map(({ measure }) => isOfGroups(measure));
  if (!ofGroups.includes(false)) return [{ plan, members: [] }];
  const ofEvents = ({ report, members }: EventsOfGroups): GroupsPart => ({ plan: report, members });
  if (!ofGroups.includes(true)) return [ofEvents(eventsOf(plan))];
  const nothing = { selector: [] };
  // No shard may leave segments out that another part ranks.
  const part = { ...plan, onOneShard: false };
  return [
    {
      plan: {
        ...part,
        metrics: metrics.map((one, i) => (ofGroups[i] ? one : { ...one, ...nothing })),
      },
      members: [],
    },
    ofEvents(
      eventsOf({
        ...part,
        metrics: metrics.map((one, i) => (ofGroups[i] ? { ...one, ...nothing } : one)),
      }),
    ),
  ];
}

function listOfGroups(plan: ListPlan): GroupsPart {
  const { of, point } = plan;
  const isOfEvents =
    of.type === 'insights' &&
    point.type === 'insights' &&
    !isOfGroups(of.metrics[point.metric].measure);
  if (!isOfEvents) return { plan, members: [] };
  const { report, members } = eventsOf(of);
  return { plan: { ...plan, of: report }, members };
}

/**
 * Whether the shards of a project answer the plan together: a group has users on many of them. All else adds up over
 * shards, also what is measured of the events of groups.
 */
export function countsTogether(plan: Plan): boolean {
  return partsOfGroups(plan).some(
    (part) => part.members.length > 0 || countedGroups(part.plan) !== undefined,
  );
}

/** Measures that a user, or a group, counts in; the others are of events by themselves, and sessions are users'. */
function isOfGroups({ type }: MeasurePlan): boolean {
  return ['unique', 'active', 'cumulative_unique', 'per_user'].includes(type);
}

/** The same of the events that have groups, as users did them; cohorts are of groups all the same. */
function eventsOf(plan: InsightsPlan): EventsOfGroups {
  const { counted, ...rest } = plan;
  if (counted === undefined) return { report: plan, members: [] };
  const { report, members } = withoutCohorts({ ...rest, counted });
  const { counted: _, ...events } = report;
  const filters = counted.names.map((name): FilterPlan => ({
    type: 'property',
    property: { scope: 'event', name },
    operator: 'is_set',
    values: [],
  }));
  const hasGroups: FilterPlan = filters.length === 1 ? filters[0] : { type: 'any', filters };
  const ofUsers = replaceParts(events, propertyOfDoer) as InsightsPlan;
  return { report: { ...ofUsers, filters: [...ofUsers.filters, hasGroups] }, members };
}

/** Where users count, the properties of whoever did an event are those of the user again. */
function propertyOfDoer(part: Part): Part | null {
  const { scope, name } = part;
  const doers = scope === 'event' && typeof name === 'string' ? nameOfDoers(name) : null;
  return doers === null ? null : { ...part, scope: 'person', name: doers };
}
