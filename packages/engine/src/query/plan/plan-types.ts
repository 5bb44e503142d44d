import type { planVersion } from './plan-version.ts';
import type {
  Attribution,
  ListPoint,
  ListPosition,
  OverUsers,
  UserAggregate,
  UserColumn,
  UsersPosition,
  UsersQuery,
} from '@arbor/schema/query';
import type { Bucket, Segment } from '@arbor/schema/result';
import type {
  BreakdownPlan,
  CohortMembersPlan,
  ConditionsPlan,
  FilterPlan,
  GroupJoinPlan,
  PropertyPlan,
  SelectorPlan,
} from './selection-plan.ts';

export type * from './selection-plan.ts';

/**
 * A query made ready for the shards: plain JSON, every date resolved to an instant. Whoever executes
 * or merges a plan needs no clock; the zone it needs for dates in properties is part of the plan.
 *
 * Invariant: a plan and a shard view decide a partial result completely, so two replicas that hold the
 * same rows answer with the same numbers.
 */
export type Plan = ReportPlan | CohortPlan | ListPlan | UsersPlan;
export type ReportPlan = InsightsPlan | FunnelPlan | RetentionPlan | FrequencyPlan | FlowPlan;

interface PlanBase {
  /** Both sides of a rolling upgrade check it: a change of meaning raises the number. */
  readonly version: typeof planVersion;
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly nowMs: number;
}

/** Where values are cut by the calendar when the plan runs: dates in properties, midnights of sessions. */
export interface ZonePlan {
  readonly timezone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number;
  /** A month in which a quarter starts; absent = January. */
  readonly quarterStart?: number;
}

interface ReportPlanBase extends PlanBase {
  /** Groups are counted instead of users (21). */
  readonly counted?: CountedGroupsPlan;
  /** Every one must pass. */
  readonly filters: readonly FilterPlan[];
  /** The one property whose values are the segments; null = none, or `breakdowns` says more. */
  readonly breakdown: PropertyPlan | null;
  /** All breakdowns, where they are more than one stored property with a segment a value; else null. */
  readonly breakdowns: readonly BreakdownPlan[] | null;
  readonly segmentsMax: number;
  /** What filters, breakdowns and metrics name by their index; later ones may hold earlier ones. */
  readonly cohorts: readonly CohortMembersPlan[];
  readonly zone: ZonePlan;
  readonly sessions: SessionsPlan;
}

/** The groups that a report counts, by which the rows of a shard are put together instead of by users. */
export interface CountedGroupsPlan {
  /** Names of the event property that holds the groups of an event: the first that has any. */
  readonly names: readonly string[];
  /** Properties of the groups that the plan may look at, put in by whoever executes it (`joinGroups`). */
  readonly profiles: readonly GroupJoinPlan[];
}

/** How sessions are cut (12): the project's setting. */
export interface SessionsPlan {
  readonly mode:
    | { readonly type: 'timeout'; readonly timeoutMs: number }
    | { readonly type: 'events'; readonly start: string; readonly end: string }
    | { readonly type: 'property'; readonly name: string };
  /** Events that are never in a session, beside those of the protocol and the campaigns. */
  readonly excluded: readonly string[];
  /** What session events have beside the usual properties (`sessionProperties`): up to four. */
  readonly properties?: readonly string[];
}

/** Bucket b counts the users who were active in [starts[b], ends[b]). Both lists never fall. */
export interface WindowsPlan {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Measures that every kernel knows. */
export type PlainMeasurePlan =
  | { readonly type: 'total' }
  | { readonly type: 'unique' }
  | { readonly type: 'active'; readonly windows: WindowsPlan }
  | { readonly type: 'sum' | 'average'; readonly property: PropertyPlan }
  | { readonly type: 'min' | 'max'; readonly property: PropertyPlan }
  | { readonly type: 'distinct_count'; readonly property: PropertyPlan }
  /** A median is the 50th percentile. */
  | { readonly type: 'percentile'; readonly property: PropertyPlan; readonly percentile: number };

export type MeasurePlan =
  | PlainMeasurePlan
  /** Distinct users from the start of the range to the end of the bucket. */
  | { readonly type: 'cumulative_unique' }
  | { readonly type: 'sessions' }
  | { readonly type: 'distribution'; readonly property: PropertyPlan }
  /** A number a user and bucket (how many events, without a property), then one over the users. */
  | {
      readonly type: 'per_user';
      readonly property: PropertyPlan | null;
      readonly aggregate: 'count' | UserAggregate;
      readonly over: OverUsers;
    };

export interface MetricPlan {
  readonly selector: SelectorPlan;
  readonly measure: MeasurePlan;
  readonly countOnce?: 'first' | 'last';
  /** Instead of those of the report: its own filters say which items of lists are shown. */
  readonly breakdowns?: readonly BreakdownPlan[];
  /** The metric is about profiles that pass these, and not about events: `selector` is empty. */
  readonly people?: readonly FilterPlan[];
  /**
   * Keys of segments (`segmentKey`): only what lies in another one is counted, as one line without segments. Made
   * for the row of all other segments alone.
   */
  readonly outside?: readonly string[];
}

export interface InsightsPlan extends ReportPlanBase {
  readonly type: 'insights';
  /** They cover [startMs, endMs) without a gap. */
  readonly buckets: readonly Bucket[];
  readonly metrics: readonly MetricPlan[];
  /** The metric whose best segments all have; null = each has its own. */
  readonly rankBy: number | null;
  /** By metric: the segments that come back, in this order; null = the best ones do. */
  readonly segments: readonly (readonly Segment[])[] | null;
  /**
   * One shard has all rows: only it is asked, so it may leave out the segments that do not come back. Its
   * partial result then says how many there are (`MetricPartial.segmentCount`).
   */
  readonly onOneShard: boolean;
  /** Whether the segments beyond `segmentsMax` come back as one: asks for a follow-up plan. */
  readonly otherSegment: boolean;
}

export interface FunnelPlan extends ReportPlanBase {
  readonly type: 'funnel';
  readonly steps: readonly SelectorPlan[];
  readonly windowMs: number;
  readonly graceMs: number;
  /** Which attempt a user has (see `FunnelQuery.entry`). */
  readonly entry: 'first' | 'any';
  /** Whether partials carry the times to convert. */
  readonly timing: boolean;
  /** Buckets of entry; null where the query did not ask for them. */
  readonly buckets: readonly Bucket[] | null;
  /** The segments that come back, in this order; absent = the best ones do. */
  readonly segments?: readonly Segment[];
  /** Whom significance is against; absent = the whole. */
  readonly control?: Segment;
  /** Null = all are as they are by default. */
  readonly options: FunnelOptionsPlan | null;
}

/** What a funnel may have beside steps, window, grace and entry (`FunnelQuery` says what they mean). */
export interface FunnelOptionsPlan {
  readonly counting: 'unique' | 'totals' | 'sessions';
  readonly order: 'specific' | 'any' | 'strict';
  readonly strictRepeat: 'break' | 'allow';
  /** What must not lie between two steps of a strict order: any event; null in other orders. */
  readonly between: SelectorPlan | null;
  /** Ascending indices of steps. */
  readonly anchors: readonly number[];
  readonly reentry: 'default' | 'optimized';
  readonly exclusions: readonly FunnelExclusionPlan[];
  readonly hold: readonly PropertyPlan[];
  readonly attribution: Attribution;
  readonly segmentEntry: 'after_exit' | 'per_value';
  /** All steps lie in the range. */
  readonly inRange: boolean;
  /** The window is so many sessions; `windowMs` is the longest that they can be. */
  readonly windowSessions: number | null;
  readonly sum: PropertyPlan | null;
  readonly distribution: {
    readonly from: number;
    readonly to: number;
    readonly bins: number;
  } | null;
  /** Two steps, and what is asked of the times between them; null = nothing is. */
  readonly times: FunnelTimesPlan | null;
  /** How many of the most common orders of steps come back; null = none are asked for. */
  readonly pathsMax: number | null;
  /** Step whose events are the segments. */
  readonly compareEvents: number | null;
  readonly otherSegment: boolean;
  /**
   * Of follow-up plans alone: the keys of the segments that come back by themselves, in the whole and by bucket of
   * entry; all others are one segment.
   */
  readonly others: {
    readonly segments: readonly string[];
    readonly byEntry: readonly string[];
  } | null;
  /** A funnel of its own in each bucket. */
  readonly trends: boolean;
}

export interface FunnelTimesPlan {
  readonly from: number;
  readonly to: number;
  readonly percentiles: readonly number[];
  /** No step of the cells has these times: they come beside them. */
  readonly isOwn: boolean;
}

export interface FunnelExclusionPlan {
  readonly selector: SelectorPlan;
  readonly from: number;
  readonly to: number;
  readonly mode: 'stop' | 'drop';
}

export interface RetentionPlan extends ReportPlanBase {
  readonly type: 'retention';
  readonly birth: SelectorPlan;
  readonly return: SelectorPlan;
  /** One cohort a bucket. */
  readonly buckets: readonly Bucket[];
  readonly intervals: number;
  readonly criterion: 'on' | 'on_or_after' | 'on_or_before' | 'streak';
  readonly births: 'every_bucket' | 'first';
  readonly clock:
    | { readonly type: 'rolling'; readonly lengthMs: number }
    /** Edges of whole calendar buckets: interval n of cohort d is [edges[d + n], edges[d + n + 1]). */
    | { readonly type: 'calendar'; readonly edges: readonly number[] };
  /** The segments that come back, in this order; absent = the best ones do. */
  readonly segments?: readonly Segment[];
  /** Null = all are as they are by default. */
  readonly options: RetentionOptionsPlan | null;
}

export interface RetentionOptionsPlan {
  /** Units in each interval, `intervals` of them; null = one each. */
  readonly brackets: readonly number[] | null;
  readonly segmentBy: 'birth' | 'return' | 'both';
  readonly measure:
    | { readonly type: 'users' }
    | { readonly type: 'sum' | 'average'; readonly property: PropertyPlan };
  readonly average: 'weighted' | 'pooled';
  readonly otherSegment: boolean;
  /**
   * Keys of the segments that come back by themselves (`segmentKey`): only what lies in another one is counted,
   * as one segment. Made for the row of all other segments alone; else null.
   */
  readonly listed: readonly string[] | null;
}

export interface FrequencyPlan extends ReportPlanBase {
  readonly type: 'frequency';
  readonly selector: SelectorPlan;
  /** Rows of the table, cut to the range. */
  readonly buckets: readonly Bucket[];
  /** Edges of hours or days over the range: sub-unit s is [edges[s], edges[s + 1]). */
  readonly edges: readonly number[];
  /** Most sub-units that a row can have. */
  readonly columns: number;
  readonly cumulative: boolean;
}

export interface FlowPlan extends ReportPlanBase {
  readonly type: 'flow';
  readonly anchors: readonly {
    readonly selector: SelectorPlan;
    readonly before: number;
    readonly after: number;
  }[];
  readonly counting: 'unique' | 'totals' | 'sessions';
  readonly windowMs: number;
  readonly windowSessions: number | null;
  readonly hold: readonly PropertyPlan[];
  readonly hidden: readonly string[];
  readonly exclusions: readonly SelectorPlan[];
  readonly collapseRepeated: boolean;
  readonly expand: readonly { readonly event: string; readonly property: PropertyPlan }[];
  /** Events that have the name of the first of these that passes them. */
  readonly customEvents: readonly { readonly name: string; readonly selector: SelectorPlan }[];
  readonly rows: number;
  readonly pathsMax: number;
}

/** The users or events behind one number. */
export interface ListPlan extends PlanBase {
  readonly type: 'list';
  readonly of: ReportPlan | CohortPlan;
  readonly point: ListPoint;
  readonly what: 'users' | 'events';
  /** Properties of persons that users come with. */
  readonly columns: readonly string[];
  readonly limit: number;
  /** False = how many there are in all is not wanted: days that come after a full page need not be looked at. */
  readonly isCounted: boolean;
  /** The last one of the page before; null = from the beginning. */
  readonly after: ListPosition | null;
  /** Of a follow-up plan alone: events that were listed, whose properties are asked for. */
  readonly chosen: ChosenEvents | null;
}

/** What tells an event from all others of a project. */
export interface EventKey {
  /** Canonical id; "" = belongs to nobody. */
  readonly user: string;
  readonly timeMs: number;
  readonly event: string;
  /** Place among the events of this name, user and instant, in the order of arrival. */
  readonly rank: number;
}

export interface ChosenEvents {
  readonly keys: readonly EventKey[];
  /** Names of the event properties; null = every one that there is, which whoever holds the events finds out. */
  readonly properties: readonly string[] | null;
}

/** The span covers the spans of all behaviors; it is empty where there are none. */
export interface CohortPlan extends PlanBase, ConditionsPlan {
  readonly type: 'cohort';
  /** The partial results say who they are, too. */
  readonly members?: true;
  /** What conditions name by their index, those of `over` too; later ones may hold earlier ones. */
  readonly cohorts: readonly CohortMembersPlan[];
  readonly zone: ZonePlan;
  readonly sessions: SessionsPlan;
  /** The size as of the end of each bucket, else null (9.4). */
  readonly over: {
    readonly buckets: readonly Bucket[];
    /** By bucket: the conditions as of its end; null = they are the same as now, but for what they name by index. */
    readonly at: readonly (Omit<ConditionsPlan, 'conditions'> & {
      readonly conditions: ConditionsPlan['conditions'] | null;
    })[];
  } | null;
}

/** Users one by one, as they are now (10). Its span is empty: nothing of it is about a time. */
export interface UsersPlan extends PlanBase {
  readonly type: 'users';
  readonly who: UsersQuery['who'];
  /** In lower case; "" = everybody. */
  readonly search: string;
  /** Canonical ids that are found whatever `search` says. */
  readonly found: readonly string[];
  /** Only who is in all of these; each says who its members are. */
  readonly members: readonly CohortPlan[];
  readonly columns: readonly UserColumn[];
  readonly sort: UsersQuery['sort'];
  readonly limit: number;
  /** The last one of the page before; null = from the beginning. */
  readonly after: UsersPosition | null;
  /** Events that "any event" leaves out beside those of the protocol. */
  readonly hidden: readonly string[];
}
